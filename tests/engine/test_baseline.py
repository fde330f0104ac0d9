"""The baseline: what it holds is not reported again, wherever its line moves; what is new is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.engine.baseline import FILE, Baseline, parse, text_of
from runcrew_lint.engine.fingerprint import Fingerprint
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.report import Report
from tests.commands import said
from tests.fixtures_git import git, repository_from
from tests.generated import filled

pytestmark = pytest.mark.usefixtures("git")
POLICY = "extends: recommended\nrules: {select: [base-untagged]}\n"
LATEST = "FROM python\nUSER app\n"
FILES = {".runcrew-lint.yaml": POLICY, "Dockerfile": LATEST, "a/Dockerfile": "FROM node\nUSER app\n"}


def repository(folder: Path, **files: str) -> Path:
    return repository_from({**FILES, **files}, folder / "r")


def told(root: Path, *rules: str, **request: object) -> Report:
    return run(Request(root, select=rules or ("base-untagged",), **request)).report  # type: ignore[arg-type]


def lines(report: Report) -> list[tuple[str, int]]:
    return [(each.path, each.line) for each in report.findings]


def test_a_baseline_holds_what_was_there(tmp_path: Path) -> None:
    root = repository(tmp_path)
    made = said(root, "baseline", "create")
    assert (made.returncode, made.stderr) == (0, "")
    assert f"{FILE}: " in made.stdout
    report = told(root)
    assert (lines(report), report.baselined, report.excused) == ([], 2, 2)
    done = said(root)
    assert done.returncode == 0 and "in the baseline)" in done.stdout
    assert said(root, "--no-baseline").returncode == 1
    again = said(root, "baseline", "create")
    assert (again.returncode, again.stdout) == (2, "") and "there is a baseline already" in again.stderr


def test_a_line_may_move_and_words_may_not(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert said(root, "baseline", "create").returncode == 0
    (root / "Dockerfile").write_text("# a line more\n\n  FROM   python\nUSER app\n")
    assert lines(told(root)) == []
    (root / "Dockerfile").write_text("FROM ruby\nUSER app\n")
    assert lines(told(root)) == [("Dockerfile", 1)]


def test_an_entry_stands_for_as_many_as_were_counted(tmp_path: Path) -> None:
    twice = "FROM python AS a\nFROM python AS b\nCOPY --from=a /a /a\n"
    root = repository(tmp_path, Dockerfile="FROM python\nFROM python\nCOPY --from=0 /a /a\nUSER app\n")
    assert said(root, "baseline", "create").returncode == 0
    entries = json.loads((root / FILE).read_text())["findings"]
    assert [each.get("count", 1) for each in entries if each["rule"] == "base-untagged"] == [2, 1]
    (root / "Dockerfile").write_text(
        "FROM python\nFROM python\nFROM python\nCOPY --from=0 /a /a\nCOPY --from=1 /b /b\nUSER app\n"
    )
    assert len(told(root).findings) == 1
    (root / "Dockerfile").write_text(twice)
    assert len(told(root).findings) == 2


def test_update_and_prune(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert said(root, "baseline", "prune").returncode == 2
    said(root, "baseline", "create")
    (root / "Dockerfile").write_text('FROM python:3.13\nUSER app\nCMD ["python"]\n')
    (root / "b").mkdir()
    (root / "b" / "Dockerfile").write_text('FROM ruby\nUSER app\nCMD ["ruby"]\n')
    stale = said(root).stdout
    assert f"of {FILE} are there no more" in stale or f"of {FILE} is there no more" in stale
    assert "there no more" not in said(root, "a").stdout, "a part of the files can't tell"
    before = json.loads((root / FILE).read_text())["findings"]
    pruned = said(root, "baseline", "prune")
    assert pruned.returncode == 0
    after = json.loads((root / FILE).read_text())["findings"]
    assert [each for each in before if each["path"] != "Dockerfile"] == after, "nothing is added"
    assert "there no more" not in said(root).stdout
    assert lines(told(root)) == [("b/Dockerfile", 1)]
    updated = said(root, "baseline", "update")
    assert updated.returncode == 0 and "0 findings taken out" in updated.stdout
    assert lines(told(root)) == []


@pytest.mark.parametrize("rule", ["secret-in-code", "vendor-token", "secrets"])
def test_a_secret_is_kept_by_its_fingerprint(rule: str, tmp_path: Path) -> None:
    """No value is in the file, and another value in the same place is another finding."""
    source = 'API_TOKEN = "@@GENERATED:aws-secret-access-key@@"\n'
    first = filled(source.encode()).decode()
    root = repository(tmp_path, **{"app/settings.py": first})
    assert len(told(root, rule).findings) == (rule != "vendor-token")
    assert said(root, "baseline", "create").returncode == 0
    kept = (root / FILE).read_text()
    value = first.split('"')[1]
    assert not any(value[i : i + 5] in kept for i in range(len(value) - 5))
    assert lines(told(root, rule)) == []
    (root / "app/settings.py").write_text(first.replace(value, value[::-1]))
    assert len(told(root, rule).findings) == (rule != "vendor-token")


def test_the_file_itself_is_clean(tmp_path: Path) -> None:
    root = repository(tmp_path)
    said(root, "baseline", "create")
    git(root, "add", "--all")
    assert not [each for each in run(Request(root, policy="runcrew")).report.findings if each.path == FILE]


def test_the_policy_names_another_file(tmp_path: Path) -> None:
    root = repository(tmp_path, **{".runcrew-lint.yaml": f"{POLICY}baseline: ops/base.json\n"})
    with pytest.raises(SetupError, match=r"there is no baseline ops/base\.json"):
        run(Request(root))
    (root / "ops").mkdir()
    assert said(root, "baseline", "create").returncode == 0
    assert (root / "ops" / "base.json").exists() and not (root / FILE).exists()
    assert lines(told(root)) == []


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"version": ' + "9" * 10_000 + "}", "", "\0", "\udcff", '{"version": 1}']
)
def test_what_is_no_baseline_is_one_line(text: str) -> None:
    with pytest.raises(SetupError, match="this is no baseline"):
        parse(text.encode("utf-8", "surrogateescape"), FILE)


ENTRY = '{{"version": 1, "findings": [{{"path": "a"{}}}]}}'


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"version": 1}', '{"version": 2, "findings": []}'),
        ENTRY.format(""),
        ENTRY.format(', "rule": "b", "text": 1'),
        ENTRY.format(', "rule": "b", "text": "c", "count": 0'),
    ],
)
def test_what_is_no_baseline_is_told(text: str, tmp_path: Path) -> None:
    root = repository(tmp_path, **{FILE: text})
    done = said(root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"runcrew-lint: {FILE}: ")


def test_a_crash_of_ours_is_never_kept(tmp_path: Path) -> None:
    crash = Fingerprint("a", "rule-crashed", "0")
    from runcrew_lint.engine.baseline import counted

    assert counted([crash]) == {}


names = st.text("ab/한 \\\"'\n", min_size=1, max_size=6)


@given(st.dictionaries(st.builds(Fingerprint, names, names, names), st.integers(1, 3), max_size=5))
def test_what_is_written_is_what_is_read(counts: dict[Fingerprint, int]) -> None:
    text = text_of(counts)
    assert parse(text.encode(), "x").counts == counts
    assert json.loads(text)["findings"] == sorted(
        json.loads(text)["findings"], key=lambda each: (each["path"], each["rule"], each["text"])
    )


def test_an_entry_is_used_up() -> None:
    one = Fingerprint("a", "b", "c")
    baseline = Baseline({one: 2})
    assert [baseline.takes(one) for _ in range(3)] == [True, True, False]
    assert baseline.stale == {}


def test_promises_are_weighed_first(tmp_path: Path) -> None:
    """A comment that excuses a finding is in use, whatever the baseline holds."""
    root = repository(tmp_path)
    said(root, "baseline", "create")
    (root / "Dockerfile").write_text(f"# runcrew-lint: ignore[base-untagged] why\n{LATEST}")
    report = told(root, "base-untagged", "engine", today=date(2026, 11, 22))
    assert [each.rule for each in report.findings] == []


NEWEST = '''"""{0}"""
from alembic import op
import sqlalchemy as sa
revision = "{0}"
down_revision = {1}


def upgrade():
    op.add_column("a", sa.Column("c{0}", sa.Text()))


def downgrade():
    op.drop_column("a", "c{0}")
'''


def test_what_is_missing_is_missing_once(tmp_path: Path) -> None:
    """Nobody owns the migrations: that is shown at the newest one, and is no news with the next."""
    rule = "migrations-unreviewed"
    files = {
        ".runcrew-lint.yaml": "extends: runcrew\n",
        ".github/a.md": "a\n",
        "alembic/env.py": "from alembic import context\n",
        "alembic/versions/1.py": NEWEST.format("a1", None),
    }
    root = repository(tmp_path, **files)
    (first,) = told(root, rule).findings
    assert said(root, "baseline", "create").returncode == 0
    (root / "alembic/versions/2.py").write_text(NEWEST.format("a2", "'a1'"))
    assert told(root, rule).findings == ()
    (shown,) = told(root, rule, baseline=False).findings
    assert shown.path != first.path
    (root / FILE).unlink()
    assert told(root, rule, since="HEAD").findings == ()

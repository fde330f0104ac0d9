"""`--add-ignores`: a promise for each finding, in every format, and nothing else is changed."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import pytest
import yaml

from runcrew_lint.documents.meaning import meaning
from runcrew_lint.engine.ignores import Added, add_ignores
from runcrew_lint.engine.run import Request, run
from runcrew_lint.policy.globs import glob_pattern
from runcrew_lint.text import Source
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import repository_from, repository_of
from tests.own.rules import FOLDER, POLICY, rule

pytestmark = pytest.mark.usefixtures("git")
TODAY = date(2026, 11, 1)
REASON, UNTIL = "old, and nobody touches it", "2027-03-01"
IGNORE = f"runcrew-lint: ignore[no-x] until={UNTIL} {REASON}"
FLOW = "a policy on one line"
WHOLE = IGNORE.replace("ignore", "ignore-file", 1)
NO_X = {**POLICY, f"{FOLDER}/no-x.yaml": rule(files=["a*", "b/a*", "*.sql"], must_not={"contain": "XX"})}


def _added(files: dict[str, str], folder: Path) -> tuple[Added, dict[str, str]]:
    """What the promises make of a repository, and the new texts."""
    root = repository_from({**NO_X, **files}, folder / "r")
    added = add_ignores(Request(root, select=("no-x",), today=TODAY), REASON, UNTIL)
    return added, {path: content.decode() for path, content in added.mended.contents.items()}


@pytest.mark.parametrize(
    ("path", "text", "made"),
    [
        ("a.py", "def f():\n    return XX\n", f"def f():\n    # {IGNORE}\n    return XX\n"),
        ("a.py", "f(\n    1,\n    XX,\n)\n", f"f(\n    1,\n    # {IGNORE}\n    XX,\n)\n"),
        ("a.py", 'f(\n    """\n    XX\n    """\n)\n', f'# {IGNORE}\nf(\n    """\n    XX\n    """\n)\n'),
        ("a.py", "def f():\n    # XX\n    return 1\n", f"# {IGNORE}\ndef f():\n    # XX\n    return 1\n"),
        ("a.py", "XX\r\nXX\r\n", f"# {IGNORE}\r\nXX\r\n# {IGNORE}\r\nXX\r\n"),
        ("a.py", "\ufeffy = XX\n", f"\ufeff# {IGNORE}\ny = XX\n"),
        ("a.yaml", "a:\n  - XX\n", f"a:\n  # {IGNORE}\n  - XX\n"),
        ("a.yaml", "run: |\n  ls\n  XX\n", f"# {IGNORE}\nrun: |\n  ls\n  XX\n"),
        ("a.toml", "a = 1\nb = 'XX'\n", f"a = 1\n# {IGNORE}\nb = 'XX'\n"),
        ("a.ts", "f(\n  `\n    XX`,\n);\n", f"f(\n  // {IGNORE}\n  `\n    XX`,\n);\n"),
        ("a.dart", "var a = 'XX';\n", f"// {IGNORE}\nvar a = 'XX';\n"),
        ("a.sql", "SELECT 1;\nSELECT XX;\n", f"SELECT 1;\n-- {IGNORE}\nSELECT XX;\n"),
        ("a.md", "# A\n\nXX\n", f"# A\n\n<!-- {IGNORE} -->\nXX\n"),
        ("a.sh", "#!/bin/sh\nls \\\n  XX\n", f"#!/bin/sh\n# {IGNORE}\nls \\\n  XX\n"),
        ("a.tf", 'a "b" {\n  c = "XX"\n}\n', f'a "b" {{\n  # {IGNORE}\n  c = "XX"\n}}\n'),
        ("a.env", "A=1\nB=XX\n", f"A=1\n# {IGNORE}\nB=XX\n"),
        ("a.conf", "server {\n  listen XX;\n}\n", f"server {{\n  # {IGNORE}\n  listen XX;\n}}\n"),
        ("a.mk", "a:\n\tls XX\n", f"a:\n\t# {IGNORE}\n\tls XX\n"),
        (
            "a.Dockerfile",
            "# syntax=docker/dockerfile:1\nFROM a:1\nRUN ls && \\\n    XX\n",
            f"# syntax=docker/dockerfile:1\nFROM a:1\nRUN ls && \\\n    # {IGNORE}\n    XX\n",
        ),
    ],
)  # fmt: skip
def test_a_comment_in_the_form_of_the_file(path: str, text: str, made: str, tmp_path: Path) -> None:
    added, contents = _added({path: text}, tmp_path)
    assert contents == {path: made}
    assert added.left == () and added.mended.outcome.report.findings == ()
    assert meaning(Source(path, made.removeprefix("\ufeff"))) == meaning(
        Source(path, text.removeprefix("\ufeff"))
    )


def test_what_is_found_of_the_whole_file_is_excused_in_all_of_it(tmp_path: Path) -> None:
    own = {f"{FOLDER}/no-x.yaml": rule(files=["a.yaml"], must={"contain": "gone"})}
    root = repository_from({**POLICY, **own, "a.yaml": "b: 1\n"}, tmp_path / "r")
    added = add_ignores(Request(root, select=("no-x",), today=TODAY), REASON, UNTIL)
    assert added.mended.contents == {"a.yaml": f"# {WHOLE}\nb: 1\n".encode()}
    assert added.mended.outcome.report.findings == ()


@pytest.mark.parametrize(
    ("path", "text", "glob"),
    [
        ("a.json", '{"a": "XX"}\n', "/a.json"),
        ("b/a[id].json", '"XX"\n', "b/a[[]id].json"),
        ("a.txt", "XX\n", "/a.txt"),
        ("b/a/migrations/V1__a.sql", "SELECT XX;\n", "b/a/migrations/V1__a.sql"),
        ("a.md", "```\nXX\n```\n", "/a.md"),
        ("a.sh", "cat <<E\nXX\nE\n", "/a.sh"),
        ("a.py", "#!/usr/bin/python XX\n", "/a.py"),
        ("a.yaml", "a: [\nXX\n", "/a.yaml"),
    ],
)
def test_where_no_comment_can_stand_the_policy_excuses(
    path: str, text: str, glob: str, tmp_path: Path
) -> None:
    added, contents = _added({path: text}, tmp_path)
    policy = POLICY[".runcrew-lint.yaml"]
    assert set(contents) == {".runcrew-lint.yaml"}
    assert contents[".runcrew-lint.yaml"].startswith(f"{policy}excuses:\n")
    (excuse,) = yaml.safe_load(contents[".runcrew-lint.yaml"])["excuses"]
    assert excuse == {"rules": ["no-x"], "paths": [glob], "reason": REASON, "until": UNTIL}
    with warnings.catch_warnings(action="error"):
        glob_pattern(glob)
    assert not glob_pattern(glob).match(f"c/{path}") and not glob_pattern(glob).match(
        path.replace("[id]", "i") + "-"
    )
    assert added.left == () and added.mended.outcome.report.findings == ()


@pytest.mark.parametrize(
    ("policy", "made"),
    [
        (
            "# ours\nexcuses:  # few\n- rules: [root-user]  # why\n  reason: it is so\n\nbranches: [main]\n",
            "# ours\nexcuses:  # few\n- rules: [root-user]  # why\n  reason: it is so\n"
            f"- rules: [no-x]\n  paths: [/a.json]\n  reason: {REASON}\n\nbranches: [main]\n",
        ),
        (
            "branches: [main]",
            f"branches: [main]\nexcuses:\n  - rules: [no-x]\n    paths: [/a.json]\n    reason: {REASON}\n",
        ),
        ("excuses: [{rules: [root-user], reason: it is so}]\n", None),
        (FLOW, None),
    ],
)  # fmt: skip
def test_the_policy_keeps_its_form(policy: str, made: str | None, tmp_path: Path) -> None:
    law = f"extends: recommended\nrules: {{own: [{FOLDER}]}}\n"
    flow = f"{{extends: recommended, rules: {{own: [{FOLDER}]}}}}\n"
    text = flow if policy == FLOW else law + policy
    files = {".runcrew-lint.yaml": text, "a.json": '"XX"\n'}
    root = repository_from({**NO_X, **files}, tmp_path / "r")
    added = add_ignores(Request(root, select=("no-x",), today=TODAY), REASON, "")
    if made is None:
        assert added.mended.contents == {}
        ((place, why),) = added.left
        assert place == "a.json:1" and "no comment can stand there" in why
    else:
        written = added.mended.contents[".runcrew-lint.yaml"].decode()
        assert written.replace('"/a.json"', "/a.json").replace(f'"{REASON}"', REASON) == law + made


def test_a_whole_repository_twice(tmp_path: Path) -> None:
    """Every format of the fixture with planted faults; then again, and nothing changes."""
    root = repository_of(ROOT / "fixtures/bad/runcrew", tmp_path / "r")
    (root / ".runcrew-lint.yaml").write_text("extends: runcrew\n")
    before = {path: (root / path).read_bytes() for path in _files(root)}
    done = said(root, "--add-ignores", "--reason", REASON)
    after = {path: (root / path).read_bytes() for path in _files(root)}
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    assert len(changed) > 50
    for path in changed - {".runcrew-lint.yaml"}:
        texts = [each[path].decode("utf-8-sig").splitlines() for each in (before, after)]
        assert [line for line in texts[1] if REASON not in line] == texts[0]
    left = [line for line in done.stderr.splitlines() if line.startswith("left ")]
    assert left and all("can only be excused by hand" in line for line in left)
    report = run(Request(root)).report
    assert {each.rule for each in report.findings} <= {line.split(": ")[1].split()[0] for line in left}
    again = said(root, "--add-ignores", "--reason", REASON)
    assert "excused 0 findings in 0 files" in again.stderr
    assert {path: (root / path).read_bytes() for path in _files(root)} == after


def _files(root: Path) -> list[str]:
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if path.parts[0] != ".git"]


def test_what_stays_is_named_by_its_new_line(tmp_path: Path) -> None:
    """A private key below a comment that was added."""
    files = {"a.py": 'y = XX\nz = XX\nKEY = """@@GENERATED:private-key@@"""\n'}
    root = repository_from({**NO_X, **files}, tmp_path / "r")
    added = add_ignores(Request(root, select=("no-x", "private-key"), today=TODAY), REASON, UNTIL)
    assert added.left == (("a.py:5", "private-key can only be excused by hand, in the policy"),)
    assert added.excused == 2
    assert added.mended.contents["a.py"].decode().count(IGNORE) == 2


ADD, NEEDED = "--add-ignores", '--add-ignores writes promises, and each has a reason; add --reason "..."'


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([ADD], NEEDED),
        ([ADD, "--reason", " "], NEEDED),
        (["--reason", "x"], "--reason and --until do nothing alone; add --add-ignores"),
        ([ADD, "--reason", "x", "--fix"], "--add-ignores does not go with --fix; run one, then the other"),
        (
            [ADD, "--reason", "a */ b"],
            "--reason is one line without `until=`, `*/` and `-->`; say why the findings may stay",
        ),
        ([ADD, "--reason", "x", "--until", "2020-01-01"], "2020-01-01 is past; name a day to come"),
        ([ADD, "--reason", "x", "--until", "soon"], "there is no day soon; write a day as YYYY-MM-DD"),
    ],
)
def test_what_is_refused(arguments: list[str], line: str, tmp_path: Path) -> None:
    root = repository_from({**NO_X, "a.py": "XX\n"}, tmp_path / "r")
    done = said(root, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"runcrew-lint: {line}\n")
    assert (root / "a.py").read_text() == "XX\n"


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runcrew_lint.engine import disk

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied")

    root = repository_from({**NO_X, "a.py": "XX\n"}, tmp_path / "r")
    monkeypatch.setattr(disk.Disk, "replace", refuse)
    done = said(root, "--add-ignores", "--reason", REASON, "--select", "no-x", "--format", "concise")
    assert "left 'a.py' alone: it can't be written: Permission denied" in done.stderr
    assert "a.py:1:1: warning[no-x]" in done.stdout, "the report is of what lies there"

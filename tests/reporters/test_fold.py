"""Findings that nobody can act on any more fold into one block: revisions that the default branch has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.catalogue.load import load
from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.fold import FEW, settled_in
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.reporters import json, text
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.text import FRAMED
from runcrew_lint.text import Place, Span
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")


def _revision(number: int) -> str:
    down = f'"r{number - 1}"' if number else "None"
    return (
        f'"""a table"""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "r{number}"\n'
        f"down_revision = {down}\n\n\ndef upgrade():\n"
        f'    op.create_table("t{number}", sa.Column("id", sa.BigInteger(), primary_key=True))\n\n\n'
        "def downgrade():\n    pass\n"
    )


def _files(count: int) -> dict[str, str]:
    return {f"alembic/versions/r{number}.py": _revision(number) for number in range(count)}


def _run(root: Path) -> Outcome:
    return run(Request(root, policy="recommended", select=("empty-downgrade",)))


def _text(outcome: Outcome) -> str:
    return text.render(outcome, Look())


def _named(told: str) -> int:
    """How many revisions a report speaks of, those counted that it does not name."""
    more = re.search(r"(\d+) files? more", told)
    return len(set(re.findall(r"versions/(r\d+)\.py", told))) + (int(more[1]) if more else 0)


def test_many_of_one_rule_fold(tmp_path: Path) -> None:
    outcome = _run(repository_from(_files(8), tmp_path / "r"))
    told = _text(outcome)
    assert told.startswith("8 findings in 8 revisions that main has already; ")
    assert "  error    empty-downgrade 8\n" in told
    assert "-->" not in told
    assert "8 errors in 8 files" in told
    assert json.render(outcome, Look()).count('"rule": "empty-downgrade"') == 8


def test_a_few_are_shown(tmp_path: Path) -> None:
    told = _text(_run(repository_from(_files(5), tmp_path / "r")))
    assert "has already" not in told
    assert _named(told) == 5


def test_of_a_few_git_is_not_asked() -> None:
    rule = load().rules["empty-downgrade"]
    asked: list[Iterable[str]] = []

    def settled(paths: Iterable[str]) -> tuple[str, frozenset[str]]:
        asked.append(paths)
        return "main", frozenset(paths)

    many = [(rule, Place(f"r{number}.py", Span(0, 0))) for number in range(FEW + 1)]
    assert settled_in(many[:FEW], settled) == {}
    assert not asked
    assert len(settled_in(many, settled)) == len(many)


def test_few_of_each_rule_are_many_together(tmp_path: Path) -> None:
    files = _files(3)
    files["alembic/versions/r2.py"] = _revision(2).replace(
        "    op.create_table",
        '    op.drop_table("old")\n    op.drop_column("runs", "pace")\n    op.create_table',
    )
    root = repository_from(files, tmp_path / "r")
    told = _text(
        run(Request(root, policy="recommended", select=("drop-table", "drop-column", "empty-downgrade")))
    )
    assert "-->" in told
    files["alembic/versions/r2.py"] = files["alembic/versions/r2.py"].replace(
        "    op.create_table", '    op.drop_column("runs", "climb")\n    op.create_table'
    )
    root = repository_from(files, tmp_path / "more")
    told = _text(
        run(Request(root, policy="recommended", select=("drop-table", "drop-column", "empty-downgrade")))
    )
    assert "-->" not in told
    assert "  error    empty-downgrade 3, drop-column 2, drop-table 1\n" in told


def test_what_a_new_revision_can_mend_is_shown(tmp_path: Path) -> None:
    files = _files(7)
    files["alembic/versions/r6.py"] = _revision(6).replace(
        "    op.create_table",
        '    op.create_table("legs", sa.Column("id", sa.BigInteger()))\n    op.create_table',
    )
    rules = ("empty-downgrade", "table-without-primary-key")
    told = _text(run(Request(repository_from(files, tmp_path / "r"), policy="recommended", select=rules)))
    assert told.count("-->") == 1
    assert "[table-without-primary-key]" in told
    assert "7 findings in 7 revisions" in told


def test_a_file_that_is_named_is_shown(tmp_path: Path) -> None:
    indexes = "".join(f'    op.create_index("i{at}", "runs", ["a{at}"])\n' for at in range(7))
    text = _revision(0).replace("    op.create_table", f"{indexes}    op.create_table")
    root = repository_from({"alembic/versions/r0.py": text}, tmp_path / "r")
    asked = Request(root, policy="recommended", select=("index-not-concurrent",))
    assert "-->" not in _text(run(asked))
    assert "-->" not in _text(run(replace(asked, targets=frozenset({"alembic/versions"}))))
    named = _text(run(replace(asked, targets=frozenset({"alembic/versions/r0.py"}))))
    assert "--> alembic/versions/r0.py" in named
    assert len(re.findall(r"^ *\d+ \|     op.create_index", named, re.MULTILINE)) == 1 + FRAMED
    assert "= also: alembic/versions/r0.py:" in named


def test_what_the_default_branch_has_not_is_shown(tmp_path: Path) -> None:
    root = repository_from(_files(7), tmp_path / "r")
    git(root, "checkout", "--quiet", "-b", "feature")
    (root / "alembic/versions/r7.py").write_text(_revision(7))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=more")
    told = _text(_run(root))
    assert "7 findings in 7 revisions that main has already" in told
    assert told.count("-->") == 1
    assert "--> alembic/versions/r7.py" in told


def test_a_run_for_a_person_makes_no_fix_that_it_does_not_show(tmp_path: Path) -> None:
    files = _files(1)
    indexes = "".join(f'    op.create_index("i{at}", "runs", ["a{at}"])\n' for at in range(7))
    files["alembic/versions/r0.py"] = _revision(0).replace(
        "    op.create_table", f"{indexes}    op.create_table"
    )
    root = repository_from(files, tmp_path / "r")
    request = Request(root, policy="recommended", select=("index-not-concurrent",))
    assert [each.fix is not None for each in run(request).report.findings] == [True] * 7
    assert [each.fix for each in run(replace(request, brief=True)).report.findings] == [None] * 7
    git(root, "branch", "--move", "trunk")
    assert all(each.fix for each in run(replace(request, brief=True)).report.findings)


def test_without_a_default_branch_all_are_shown(tmp_path: Path) -> None:
    root = repository_from(_files(7), tmp_path / "r")
    git(root, "branch", "--move", "trunk")
    told = _text(_run(root))
    assert "has already" not in told
    assert _named(told) == 7


def test_the_remote_says_which_branch_is_the_default(tmp_path: Path) -> None:
    root = repository_from(_files(7), tmp_path / "r")
    git(root, "update-ref", "refs/remotes/origin/stable", "HEAD")
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/stable")
    assert "that origin/stable has already" in _text(_run(root))


def _cloned(tmp_path: Path) -> Path:
    """A clone of a repository with one revision, and one that the clone has beside it."""
    repository_from(_files(1), tmp_path / "origin")
    git(tmp_path, "clone", "--quiet", "origin", "clone")
    root = tmp_path / "clone"
    (root / "alembic/versions/r1.py").write_text(_revision(1))
    return root


@pytest.mark.parametrize(
    ("targets", "held", "mended"),
    [
        ((), ["alembic/versions/r0.py"], ["alembic/versions/r1.py"]),
        (("alembic",), [], ["alembic/versions/r0.py", "alembic/versions/r1.py"]),
        (("alembic/versions/r0.py",), [], ["alembic/versions/r0.py"]),
    ],
)
def test_a_fix_leaves_what_databases_have_run(
    targets: tuple[str, ...], held: list[str], mended: list[str], tmp_path: Path
) -> None:
    request = Request(
        _cloned(tmp_path), frozenset(targets), policy="recommended", select=("empty-downgrade",)
    )
    outcome = run(request)
    assert sorted(each.path for each in outcome.report.findings if each.held) == held
    assert all(each.fix for each in outcome.report.findings)
    told = _text(outcome)
    assert ("fix: none is made: origin/" in told) is bool(held)
    assert told.rstrip().endswith(f"`--fix --unsafe-fixes` mends {len(mended)}")
    assert sorted(mend(request, unsafe=True).contents) == mended
    assert sorted(mend(request, unsafe=True, held=True).contents) == sorted({*held, *mended})


def test_a_branch_of_the_clone_alone_holds_nothing(tmp_path: Path) -> None:
    outcome = _run(repository_from(_files(1), tmp_path / "r"))
    assert [each.held for each in outcome.report.findings] == [""]

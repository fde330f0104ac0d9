"""A run that is about some files judges the revisions that feel them, and finds what a whole run finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Finding
from tests.fixtures_git import repository_of

FIXTURE = Path("fixtures/bad/runcrew")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Request, list[Finding]]:
    folder = tmp_path_factory.mktemp("about")
    root = repository_of(FIXTURE, folder / "repository")
    request = Request(root, select=("migrations",), policy="runcrew", cache=folder / "cache")
    return request, list(run(request).report.findings)


def _said(findings: list[Finding]) -> set[tuple[str, str, int, str]]:
    return {(each.rule, each.path, each.line, each.message) for each in findings}


def _of(*patterns: str) -> list[str]:
    found = {str(file.relative_to(FIXTURE)) for pattern in patterns for file in FIXTURE.glob(pattern)}
    return sorted(found)


FILES = [*_of("**/env.py", "**/alembic.ini"), *_of("**/versions/**/*.py", "**/*.sql")[::4]]


@pytest.mark.parametrize("target", FILES)
def test_a_file_as_target_gives_its_share_of_the_whole(
    target: str, whole: tuple[Request, list[Finding]]
) -> None:
    request, findings = whole
    share = [
        each
        for each in findings
        if each.path == target or any(other.region.path == target for other in each.related)
    ]
    about = run(replace(request, targets=frozenset({target}))).report.findings
    assert _said(list(about)) == _said(share)


def _lineage(*about: str) -> Lineage:
    """a - b - d, a - c, and e that depends on c."""
    graph = {"a": (), "b": ("a",), "c": ("a",), "d": ("b",), "e": ()}
    migrations = tuple(
        Migration(f"{name}.py", name, parents, depends_on=("c",) if name == "e" else ())
        for name, parents in graph.items()
    )
    return Lineage("x", migrations, (AlembicEnvironment("env.py"),), about=frozenset(about))


@pytest.mark.parametrize(
    ("about", "judged"),
    [
        ((), "abcde"),
        (("a.py",), "abcde"),
        (("b.py",), "bd"),
        (("c.py",), "ce"),
        (("d.py",), "d"),
        (("d.py", "models.py"), "d"),
        (("d.py", "env.py"), "abcde"),
        (("models.py",), ""),
    ],
)
def test_what_comes_later_is_judged_too(about: tuple[str, ...], judged: str) -> None:
    lineage = _lineage(*about)
    assert sorted(each.revision for each in lineage.judged("")) == sorted(judged)
    assert sorted(each.revision for each in lineage.judged("", everywhere=True)) == sorted("abcde")

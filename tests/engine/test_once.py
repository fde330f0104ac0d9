"""What a run over a history does once, however many rules ask: counted, for a clock is another machine's."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.engine.run import Request, run
from runcrew_lint.mends import python_indexes
from runcrew_lint.mends.python_site import Site
from tests.engine.counting import opened
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

REVISION = """from alembic import op
import sqlalchemy as sa

revision = "{number}"
down_revision = {parent!r}


def upgrade():
    op.create_index("ix_{number}", "runs", ["pace"])
    op.create_index("iy_{number}", "runs", ["pace"])
    op.drop_column("runs", "c_{number}")


def downgrade():
    op.add_column("runs", sa.Column("c_{number}", sa.Text()))
    op.drop_index("iy_{number}", "runs")
    op.drop_index("ix_{number}", "runs")
"""
COUNT = 4
HISTORY = {
    f"alembic/versions/{number}.py": REVISION.format(
        number=number, parent=str(number - 1) if number else None
    )
    for number in range(COUNT)
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A history whose revisions ask for fixes, among sources that hold nothing."""
    others = {f"app/test_{number}.py": f"value = {number}\n" for number in range(20)}
    env = {"alembic/env.py": "from alembic import context\n\ncontext.run_migrations()\n"}
    return repository_from({**HISTORY, **others, **env}, tmp_path / "root")


@pytest.mark.parametrize(
    "targets", [frozenset[str](), frozenset({"alembic/versions"})], ids=["all", "versions"]
)
def test_a_file_is_opened_once(root: Path, targets: frozenset[str]) -> None:
    with opened() as read:
        report = run(Request(root, targets=targets, select=("migrations",))).report
    assert "drop-column-still-used" not in {each.rule for each in report.findings}, "models were asked for"
    assert {path for path in read if path.startswith("app/")}, "whatever may be a revision or a model is read"
    assert {path: times for path, times in Counter(read).items() if times > 1} == {}


def test_an_operation_is_replayed_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replayed: list[Operation] = []
    after = Schema.after

    def counted(self: Schema, operation: Operation, revision: str) -> Schema:
        replayed.append(operation)
        return after(self, operation, revision)

    monkeypatch.setattr(Schema, "after", counted)
    rules = (
        "downgrade-mismatch",
        "downgrade-order",
        "lock-timeout-missing",
        "drop-column",
        "duplicate-index",
    )
    run(Request(root, select=rules))
    assert len(replayed) == 6 * COUNT


def test_a_file_is_parsed_once_to_read_and_once_to_mend(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = ast.parse

    def counted(text: str) -> ast.Module:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(ast, "parse", counted)
    report = run(Request(root, select=("index-not-concurrent", "lock-timeout-missing"))).report
    fixed = Counter(each.path for each in report.findings if each.fix)
    assert set(fixed) == set(HISTORY)
    assert min(fixed.values()) > 1, "each file has fixes of two rules"
    assert {path: parsed.count(text) for path, text in HISTORY.items()} == dict.fromkeys(HISTORY, 2)


def test_what_stands_for_a_statement_is_found_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Site] = []
    lines = python_indexes._lines

    def counted(site: Site, name: str) -> list[str] | None:
        asked.append(site)
        return lines(site, name)

    monkeypatch.setattr(python_indexes, "_lines", counted)
    report = run(Request(root, select=("index-not-concurrent",))).report
    assert sum(1 for each in report.findings if each.fix) == 2 * COUNT
    assert len(asked) == 2 * COUNT

"""One revision of many statements costs what they cost one by one, and no more: counted in calls."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from unittest.mock import Mock

import pytest

from runcrew_lint.checks.migrations import _mends
from runcrew_lint.checks.migrations._begins import Begins
from runcrew_lint.domains.migrations.facts import Index, Relation
from runcrew_lint.domains.migrations.schema import IndexState, Table
from runcrew_lint.engine.run import Request, run
from runcrew_lint.mends import python_indexes
from tests.fixtures_git import repository_from

REVISION = (
    "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '{revision}'\ndown_revision = {down}\n\n\n"
    "def upgrade():\n{body}\n\n\ndef downgrade():\n    pass\n"
)
SHAPES = {
    "set not null": '    op.alter_column("t", "c{}", nullable=False)',
    "create index": '    op.create_index("i{}", "t", ["c1"])',
    "an index of each column": '    op.create_index("i{}", "t", ["c{}"])',
    "unique": '    op.create_unique_constraint("k{}", "t", ["c1"])',
    "foreign key": '    op.create_foreign_key("f{}", "t", "u", ["c1"], ["id"])',
    "a foreign key of each column": '    op.create_foreign_key("f{}", "t", "u", ["c{}"], ["id"])',
    "check": '    op.create_check_constraint("k{}", "t", "c1 > {}")',
    "update": '    op.execute("UPDATE t SET c{} = 1")',
    "drop column": '    op.drop_column("t", "c{}")',
    "add value": "    op.execute(\"ALTER TYPE e ADD VALUE 'a{}'\")",
}
_FEW = 90


def files(shape: str, count: int) -> dict[str, bytes]:
    """A history whose second revision says it so many times."""
    columns = ", ".join(f'sa.Column("c{at}", sa.Text())' for at in range(2 * _FEW))
    first = f'    op.create_table("t", {columns})\n    op.execute("CREATE TYPE e AS ENUM (\'x\')")'
    body = "\n".join(SHAPES[shape].replace("{}", str(at)) for at in range(count))
    return {
        "alembic.ini": b"[alembic]\nscript_location = alembic\n",
        "alembic/env.py": b"",
        "alembic/versions/0001_a.py": REVISION.format(revision="1", down=None, body=first).encode(),
        "alembic/versions/0002_b.py": REVISION.format(revision="2", down="'1'", body=body).encode(),
    }


def calls(root: Path, shape: str, count: int, rule: str = "migrations") -> int:
    """How many calls a run makes, each turn of a generator among them."""
    made = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run(Request(root, policy="runcrew", overlay=files(shape, count), select=(rule,)))
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_statements_cost_twice(shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mends, "_MOST", _FEW // 2)
    run(Request(tmp_path, policy="runcrew", overlay=files(shape, 2), select=("migrations",)))  # imports
    none, few, many = (calls(tmp_path, shape, count) for count in (1, _FEW, 2 * _FEW))
    assert (many - none) < 2.4 * (few - none)


@pytest.mark.parametrize(
    ("rule", "shape"),
    [
        ("duplicate-index", "an index of each column"),
        ("foreign-key-without-index", "a foreign key of each column"),
    ],
)
def test_of_a_tables_own_a_rule_asks_for_few(rule: str, shape: str, tmp_path: Path) -> None:
    """One look a statement at what begins as it does, not at all that the table has by then."""
    run(Request(tmp_path, policy="runcrew", overlay=files(shape, 2), select=(rule,)))
    few, many = (calls(tmp_path, shape, count, rule) for count in (2 * _FEW, 4 * _FEW))
    assert many < 2.2 * few


def test_a_fix_of_all_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Mock(side_effect=python_indexes._together)
    monkeypatch.setattr(python_indexes, "_together", made)
    texts = files("create index", 30)
    report = run(Request(tmp_path, policy="runcrew", overlay=texts, select=("migrations",))).report
    fixes = [each for each in report.findings if each.rule == "index-not-concurrent" and each.fix]
    assert (len(fixes), made.call_count) == (30, 1)


def test_what_a_long_revision_is_not_offered_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, also where the answer is known; not where a fix is offered, nor of what nobody mends."""
    texts = {path: text.decode() for path, text in files("check", 3).items()}
    root, cache = repository_from(texts, tmp_path / "root"), tmp_path / "cache"

    def said(rule: str = "check-without-not-valid") -> list[str]:
        found = run(Request(root, policy="runcrew", select=(rule,), cache=cache)).report
        assert found.findings
        return [each for each in found.notices if "500" in each]

    assert not said()
    monkeypatch.setattr(_mends, "_MOST", 2)
    (root / "alembic/versions/0002_b.py").write_bytes(files("check", 4)["alembic/versions/0002_b.py"])
    for _ in range(2):
        (line,) = said()
        assert line.startswith("alembic/versions/0002_b.py: most fixes are not offered")
    assert not said("mergeable-alter-tables")
    assert not said("empty-downgrade")


def test_an_index_of_nobody_knows_what_begins_with_any_column() -> None:
    """Another may be idle beside it."""
    index = IndexState("known", Relation("", "t"), Index(("a", "b")))
    odd = IndexState("odd", Relation("", "t"), Index())
    table = Table(Relation("", "t"), indexes={"known": index, "odd": odd})
    begins = Begins(Mock())
    assert [each.name for each in begins.indexes(table, ("a", "c"))] == ["known", "odd"]
    assert [each.name for each in begins.indexes(table, ("b",))] == ["odd"]

"""Behind a revision that could not be read nothing is known of older tables, and no rule guesses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

START = """op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, note varchar(40), crew_id bigint)")
    op.execute("ALTER TABLE runs ADD CONSTRAINT noted CHECK (note IS NOT NULL)")"""
BROKEN = 'op.execute("ALTER TABLE runs DROP CONSTRAINT noted"'
WHOLE = f"{BROKEN})"
INDEX = 'op.create_index("ix_{}", "{}", ["id"])'


def _revision(number: int, upgrade: str) -> str:
    before = f'"{number - 1}"' if number else "None"
    return f"""from alembic import op
import sqlalchemy as sa

revision = "{number}"
down_revision = {before}


def upgrade():
    {upgrade}


def downgrade():
    pass
"""


def _found(folder: Path, *upgrades: str) -> list[tuple[str, str]]:
    """The rules that speak on revisions in a row, each with its revision's file."""
    files = {f"alembic/versions/{at}.py": _revision(at, each) for at, each in enumerate(upgrades)}
    request = Request(repository_from(files, folder), policy="runcrew", select=("migrations",))
    return [(each.rule, each.path.rpartition("/")[2]) for each in run(request).report.findings]


@pytest.mark.parametrize(
    ("rule", "upgrade"),
    [
        (
            "foreign-key-without-index",
            'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])',
        ),
        ("type-change-narrows", 'op.alter_column("runs", "note", type_=sa.String(20))'),
        ("set-not-null", 'op.alter_column("runs", "crew_id", nullable=False)'),
        ("index-not-concurrent", INDEX.format("a", "runs")),
    ],
)
def test_of_older_tables_nothing_is_said(tmp_path: Path, rule: str, upgrade: str) -> None:
    assert (rule, "2.py") in _found(tmp_path / "whole", START, WHOLE, upgrade)
    assert (rule, "2.py") not in _found(tmp_path / "broken", START, BROKEN, upgrade)


def test_it_is_told_once_that_nothing_is_said(tmp_path: Path) -> None:
    found = _found(tmp_path / "r", START, BROKEN, INDEX.format("a", "runs"), INDEX.format("b", "runs"))
    assert [path for rule, path in found if rule == "migration-unreadable"] == ["1.py"]
    assert [path for rule, path in found if rule == "migration-unresolved"] == ["2.py"]


def test_what_came_before_it_and_what_was_made_behind_it_is_judged(tmp_path: Path) -> None:
    make = 'op.execute("CREATE TABLE laps (id bigint PRIMARY KEY, at timestamptz)")'
    before, behind = INDEX.format("a", "runs"), INDEX.format("b", "laps")
    found = _found(tmp_path / "r", START, before, BROKEN, make, behind)
    assert [path for rule, path in found if rule == "index-not-concurrent"] == ["1.py", "4.py"]


def test_one_at_the_end_leaves_the_rest_judged(tmp_path: Path) -> None:
    found = _found(tmp_path / "r", START, INDEX.format("a", "runs"), BROKEN)
    assert ("index-not-concurrent", "1.py") in found
    assert "migration-unresolved" not in {rule for rule, _ in found}


def test_what_only_the_end_would_tell_is_not_said(tmp_path: Path) -> None:
    """The broken revision may be the one that makes the index."""
    key = 'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])'
    assert ("foreign-key-without-index", "1.py") in _found(tmp_path / "whole", START, key, WHOLE)
    assert ("foreign-key-without-index", "1.py") not in _found(tmp_path / "broken", START, key, BROKEN)


def _lineage(*rows: tuple[str, str], tool: str = "alembic") -> Lineage:
    """Revisions, each with the one before it, beside a file that could not be read."""
    made = [
        Migration(
            f"v/{name}.py", name, (parent,) if parent else (), create_date=f"2026-01-0{at + 1}", tool=tool
        )
        for at, (name, parent) in enumerate(rows)
    ]
    return Lineage("v", tuple(made), unread=("v/b.py",))


def _names(*found: Migration) -> list[str]:
    return [each.revision for each in found]


def test_what_does_not_rest_on_it_comes_before_what_does() -> None:
    """`c` follows the unread `b`, and `d`, of a later day, does not."""
    lineage = _lineage(("a", ""), ("c", "b"), ("d", "a"), ("e", "c"))
    assert _names(*lineage.order) == ["a", "d", "c", "e"]
    assert [_names(*part) for part in lineage.parts] == [["a", "d"], ["c", "e"]]
    assert _names(*lineage.behind_unread) == ["c", "e"]


def test_a_script_may_stand_behind_each_that_could_not_be_read() -> None:
    """Scripts name no parent: the chain that their folder makes would leave the unread one out."""
    lineage = _lineage(("a", ""), ("c", "a"), tool="goose")
    assert [_names(*part) for part in lineage.parts] == [["a"], ["c"]]
    assert [_names(*part) for part in _lineage(("a", ""), ("c", "a")).parts] == [["a", "c"]]

"""The databases beside PostgreSQL that a revision is made for, and what that does to its mends."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.domains.migrations.dialect import asked_for
from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import ENV, START
from tests.mends.two_revisions import lay_out, revision


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if context.get_context().dialect.name in ['oracle', 'mysql', 'postgresql']:", ("mysql", "oracle")),
        ("if connection.engine.name == 'sqlite':", ("sqlite",)),
        ("if context.get_bind().engine.name not in ('sqlite', 'postgresql'):", ("sqlite",)),
        ("from sqlalchemy.dialects import mysql", ("mysql",)),
        ('sqlite_where=sa.text("a > 1"),', ("sqlite",)),
        ("if is_sqlite(bind):", ("sqlite",)),
        ("op.execute('ALTER TABLE runs MODIFY id varchar(36)')", ("mysql",)),
        ("if dialect.name == 'postgresql':\n    up()\nelse:\n    down()", ("another",)),
        ("if dialect.name == 'postgresql':\n    up()", ()),
        ("# not the way of mysql\nfrom sqlalchemy.dialects import postgresql", ()),
        ("op.add_column('oracle_rows', sa.Column('sqlite', sa.Text()))", ()),
    ],
)
def test_it_is_read_off_the_text(text: str, expected: tuple[str, ...]) -> None:
    assert asked_for(text) == expected


ASKS = 'if op.get_bind().dialect.name == "sqlite":\n    op.execute("SELECT 1")\n'


def texts(folder: Path, upgrade: str, *rules: str) -> list[str]:
    """The files that the fixes of some rules change or write."""
    lay_out(folder, START, revision(upgrade, "pass"), ENV.format(before=""))
    made = mend(Request(folder, policy="runcrew", select=rules), unsafe=True)
    return [content.decode() for _, content in sorted(made.contents.items())]


GUARD = 'if op.get_context().dialect.name == "postgresql":\n'


def test_a_timeout_is_set_where_there_is_one(tmp_path: Path) -> None:
    (text,) = texts(
        tmp_path, ASKS + 'op.add_column("runs", sa.Column("a", sa.Text()))', "lock-timeout-missing"
    )
    assert f"    {GUARD}        op.execute(\"SET LOCAL lock_timeout = '4s'\")\n" in text


def test_a_constraint_is_validated_where_that_is_known(tmp_path: Path) -> None:
    check = ASKS + "op.execute(\"ALTER TABLE runs ADD CONSTRAINT ck CHECK (note <> '')\")"
    assert any(
        f'{GUARD}        with op.get_context().autocommit_block():\n            op.execute("ALTER TABLE'
        in text
        for text in texts(tmp_path, check, "check-without-not-valid")
    )


@pytest.mark.parametrize(("asks", "count"), [(ASKS, 0), ("", 1)])
def test_a_drop_and_a_way_back_are_left_to_their_author(tmp_path: Path, asks: str, count: int) -> None:
    back = 'op.add_column("runs", sa.Column("note", sa.Text()))'
    lay_out(tmp_path / "drop", START, revision(asks + 'op.drop_column("runs", "note")', back))
    made = mend(Request(tmp_path / "drop", policy="runcrew", select=("drop-column",)), unsafe=True)
    assert len(made.contents) == count
    check = asks + "op.execute(\"ALTER TABLE runs ADD CONSTRAINT ck CHECK (note <> '')\")"
    assert len(texts(tmp_path / "back", check, "empty-downgrade")) == count


@pytest.mark.parametrize(("other", "otherwise"), [("sqlite", False), ("mysql", True)])
def test_an_index_is_built_again_where_if_exists_is_known(
    tmp_path: Path, other: str, otherwise: bool
) -> None:
    """MySQL has no IF NOT EXISTS for an index: there the call stays as it is."""
    upgrade = ASKS.replace("sqlite", other) + 'op.create_index("ix", "runs", ["note"])'
    (text,) = texts(tmp_path, upgrade, "index-not-concurrent")
    assert ('    else:\n        op.create_index("ix", "runs", ["note"])\n' in text) is otherwise

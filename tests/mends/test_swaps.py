"""A key that takes another one's place: its index is built at the front, and handed over in place."""

# ruff: noqa: E501 - a mended call is one line
from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety
from tests.mends.test_fills import functions, revision

START = """
    op.execute("CREATE TABLE crews (id bigint CONSTRAINT crews_pkey PRIMARY KEY, name text, level integer NOT NULL)")
    op.execute("CREATE INDEX ix_name ON crews (name)")
"""
GONE = 'op.drop_constraint("crews_pkey", "crews")\n'
KEY = 'op.create_primary_key("crews_pkey", "crews", ["level", "id"])\n'
INDEX = 'op.create_index("ix_name", "crews", ["name"], unique=True)\n'
RULES = ("index-not-concurrent", "unique-builds-index", "primary-key-builds-index")


def swapped(folder: Path, upgrade: str) -> str | None:
    """What the fix leaves of the second revision's functions; None where nothing is swapped."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade))
    request = Request(folder, policy="runcrew", select=RULES, cache=folder / "cache")
    made = mend(request, unsafe=True)
    if not any("hands it over" in each.title for each in made.fixes):
        return None
    assert {each.safety for each in made.fixes} == {Safety.UNSAFE}
    (content,) = made.contents.values()
    return content.decode().partition("def upgrade():\n")[2]


CASES = {
    "a primary key by the same name": (
        f'"""Why."""\n{GONE}{KEY}',
        '''
        """Why."""
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS crews_pkey_new")
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS crews_pkey_new ON crews (level, id)")
        op.drop_constraint("crews_pkey", "crews")
        op.execute("ALTER TABLE crews ADD CONSTRAINT crews_pkey PRIMARY KEY USING INDEX crews_pkey_new")
        ''',
    ),
    "a UNIQUE by another name, behind a new column": (
        'op.add_column("crews", sa.Column("pace", sa.Integer()))\n'
        f'{GONE}op.create_unique_constraint("crews_key", "crews", ["level"])  # one each',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS crews_key")
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS crews_key ON crews (level)")
        op.add_column("crews", sa.Column("pace", sa.Integer()))
        op.drop_constraint("crews_pkey", "crews")
        op.execute("ALTER TABLE crews ADD CONSTRAINT crews_key UNIQUE USING INDEX crews_key")  # one each
        """,
    ),
    "a unique index by the same name": (
        f'op.drop_index("ix_name", table_name="crews")\n{INDEX}',
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_name_new", table_name="crews", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix_name_new", "crews", ["name"], unique=True, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index("ix_name", table_name="crews")
        op.execute("ALTER INDEX ix_name_new RENAME TO ix_name")
        """,
    ),
    "a unique index by another name, with its comment": (
        f'op.drop_index("ix_name", table_name="crews")\n# one each\n{INDEX.replace("ix_", "ux_")}',
        """
        with op.get_context().autocommit_block():
            op.drop_index("ux_name", table_name="crews", postgresql_concurrently=True, if_exists=True)
            # one each
            op.create_index("ux_name", "crews", ["name"], unique=True, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index("ix_name", table_name="crews")
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_index_is_built_first(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    assert swapped(tmp_path, before) == functions(dedent(after))


@pytest.mark.parametrize(
    "upgrade",
    [
        'op.execute("DELETE FROM crews WHERE level > 3")\n' + GONE + KEY,  # so that no doubles are left
        'op.execute("UPDATE crews SET level = id")\n' + GONE + KEY,
        'op.add_column("crews", sa.Column("pace", sa.Integer(), nullable=False))\n'
        + GONE
        + KEY.replace("level", "pace"),
        'op.alter_column("crews", "level", type_=sa.BigInteger())\n' + GONE + KEY,
        'op.execute("SET search_path TO log")\n' + GONE + KEY,
        GONE + KEY.replace('"level"', '"name"'),  # it may be empty
        "op.execute(WORK)\n" + GONE + KEY,
        GONE + "with op.batch_alter_table('crews') as batch:\n    batch.create_primary_key('k', ['id'])",
        f"if op.get_bind().dialect.name == 'postgresql':\n    {GONE}    {KEY}",
        'op.drop_index("ix_name", table_name="crews")\nnames = ["name"]\n'
        + 'op.create_index("ix_name", "crews", names, unique=True)',
    ],
)
def test_nothing_is_swapped_where_it_rests_on_what_comes_before(upgrade: str, tmp_path: Path) -> None:
    assert swapped(tmp_path, upgrade) is None

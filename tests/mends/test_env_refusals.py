"""What an env.py hides, holds or numbers: no block and no new revision is written into what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import COLUMN, GONE, INDEX, START
from tests.mends.two_revisions import lay_out, revision

ENV = """from alembic import context

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        {within}context.run_migrations()
"""
PLACED = INDEX.replace("pace", "note")
FOREIGN = 'op.create_foreign_key("fk", "runs", "runs", ["id"], ["id"])\n'
CAUGHT = "try:\n    pass\nexcept (ValueError TypeError):\n    pass\n"


def mended(folder: Path, upgrade: str, env: str) -> str:
    """What becomes of the second revision and behind it, "" for nothing."""
    lay_out(folder, START, revision(upgrade, GONE if COLUMN in upgrade else "pass"), env)
    rules = ("index-not-concurrent", "foreign-key-without-not-valid", "constraint-unnamed")
    made = mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)
    return "".join(each.decode() for each in made.contents.values())


@pytest.mark.parametrize(
    ("env", "leaves"),
    [
        (ENV.format(within=""), True),
        (ENV.format(within='connection.execute(text("SELECT pg_advisory_lock(4)"))\n        '), True),
        (ENV.format(within='connection.execute(text("SELECT pg_advisory_xact_lock(4)"))\n        '), False),
        (ENV.format(within='connection.execute(text(f"LOCK TABLE {name}"))\n        '), False),
        (ENV.format(within="connection.execute(func.pg_advisory_xact_lock(4))\n        "), False),
        ("from crews.database import run_migrations\n\nrun_migrations(metadata)\n", False),
        ("from alembic.context import run_migrations\n\nrun_migrations()\n", True),
        (ENV.format(within="") + CAUGHT, False),
    ],
)
def test_no_block_is_opened_in_a_transaction_that_is_not_known_or_holds_a_lock(
    tmp_path: Path, env: str, leaves: bool
) -> None:
    assert ("autocommit_block" in mended(tmp_path / "here", PLACED, env)) is leaves
    assert ("autocommit_block" in mended(tmp_path / "moved", COLUMN + INDEX, env)) is leaves


@pytest.mark.parametrize(
    ("more", "writes"),
    [
        ("", True),
        ("def named(context, revision, directives):\n    directives[0].rev_id = next_number()\n", False),
        ("def told(script):\n    print(script.rev_id)\n", True),
        ('with open(HERE / ".current-alembic-head", "w") as head:\n    head.write(last)\n', False),
        ('open(HERE, mode="a").write(last)\n', False),
        ("HERE.write_text(last)\n", False),
        ('open("words").read()\n', True),
        (CAUGHT, False),
    ],
)
def test_no_revision_is_written_where_env_py_keeps_their_ids(tmp_path: Path, more: str, writes: bool) -> None:
    env = ENV.format(within="") + more
    assert ("down_revision = '0002'" in mended(tmp_path / "behind", FOREIGN, env)) is writes
    assert ("down_revision = '0002'" in mended(tmp_path / "moved", COLUMN + INDEX, env)) is writes


@pytest.mark.parametrize(
    ("env", "names"),
    [
        (ENV.format(within=""), True),
        (ENV.format(within="") + CAUGHT, False),
        ("from crews.database import run_migrations\n\nrun_migrations(metadata)\n", False),
    ],
)
def test_no_name_is_given_where_the_convention_is_not_seen(tmp_path: Path, env: str, names: bool) -> None:
    assert ('"runs_id_fkey"' in mended(tmp_path, FOREIGN.replace('"fk"', "None"), env)) is names

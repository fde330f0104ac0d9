"""A block commits what stands before it: not where a table has lost a key that it gets another for."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import START
from tests.mends.two_revisions import lay_out, revision

OTHER = 'op.create_unique_constraint("runs_id_note_key", "runs", ["id", "note"])\n'
DROP = 'op.drop_constraint("runs_note_key", "runs", type_="{}", if_exists=True)\n'
AGAIN = 'op.create_unique_constraint("runs_note_key", "runs", ["note", "id"])\n'
DROP_INDEX = 'op.drop_index("{}", table_name="runs", if_exists=True)\n'


@pytest.mark.parametrize(
    ("upgrade", "commits"),
    [
        (DROP.format("unique") + OTHER + AGAIN, False),
        (DROP.format("unique") + 'op.create_index("ix", "runs", ["note"])\n' + AGAIN, False),
        (DROP.format("unique").replace("runs_note_key", "strange") + OTHER + AGAIN, False),
        (DROP_INDEX.format("of_level") + 'op.create_index("ix", "runs", ["note"])\n' + OTHER, True),
        (DROP_INDEX.format("strange") + 'op.create_index("ix", "runs", ["note"])\n' + OTHER, False),
        (DROP_INDEX.format("of_all") + OTHER, False),
        ('op.execute("DROP INDEX IF EXISTS strange")\n' + OTHER, False),
        (DROP.format("check").replace("runs_note_key", "strange") + OTHER, True),
    ],
)
def test_a_key_is_not_missed_in_between(tmp_path: Path, upgrade: str, commits: bool) -> None:
    more = "CREATE INDEX of_level ON runs (level); CREATE UNIQUE INDEX of_all ON runs (id, note)"
    start = START.replace("UNIQUE (note))", f"level int, UNIQUE (note)); {more}")
    lay_out(tmp_path, start, revision(upgrade, "pass"))
    rules = ("unique-builds-index", "index-not-concurrent", "drop-index-not-concurrent")
    made = mend(Request(tmp_path, policy="runcrew", select=rules), unsafe=True)
    mended = made.contents.get("alembic/versions/0002_change.py", b"").decode()
    before, _, behind = mended.partition(upgrade.splitlines()[0])  # a block before the drop does no harm
    assert ("with op.get_context().autocommit_block()" in (behind or before)) is commits


def test_another_index_does_not_take_the_key_along(tmp_path: Path) -> None:
    more = "CREATE INDEX of_level ON runs (level); CREATE UNIQUE INDEX of_all ON runs (id, note)"
    start = START.replace("UNIQUE (note))", f"level int, UNIQUE (note)); {more}")
    upgrade = DROP_INDEX.format("of_level") + DROP_INDEX.format("of_all") + OTHER
    lay_out(tmp_path, start, revision(upgrade, "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-index-not-concurrent",)), unsafe=True)
    mended = made.contents["alembic/versions/0002_change.py"].decode()
    assert "    " + DROP_INDEX.format("of_all") + "    " + OTHER in mended
    assert '"of_level", table_name="runs", if_exists=True, postgresql_concurrently=True' in mended


ADD = 'op.add_column("runs", sa.Column("pace", sa.Integer()))\n'
DROP_STRANGE = 'op.execute("DROP INDEX IF EXISTS strange")\n'


@pytest.mark.parametrize("unique", ["UNIQUE ", ""])
@pytest.mark.parametrize(("table", "stays"), [("runs", True), ("", False)])
def test_an_index_that_nobody_knows_is_not_dropped_before_another_comes(
    tmp_path: Path, unique: str, table: str, stays: bool
) -> None:
    upgrade = ADD + DROP_STRANGE + f'op.execute("CREATE {unique}INDEX paced ON runs (pace)")\n' * bool(table)
    lay_out(tmp_path, START, revision(upgrade, "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-index-not-concurrent",)), unsafe=True)
    mended = made.contents.get("alembic/versions/0002_change.py", b"").decode()
    assert ("DROP INDEX CONCURRENTLY" not in mended) is stays


ENV = """from alembic import context


def run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_the_drop_of_an_index_whose_column_goes_has_its_timeout_before_it(tmp_path: Path) -> None:
    drops = 'op.drop_index("ix_note", table_name="runs")\nop.drop_column("runs", "note")\n'
    start = START.replace("UNIQUE (note))", "level int); CREATE INDEX ix_note ON runs (note)")
    lay_out(tmp_path, start, revision(drops, "pass"), ENV)
    rules = ("drop-index-not-concurrent", "lock-timeout-missing")
    made = mend(Request(tmp_path, policy="runcrew", select=rules), unsafe=True)
    text = made.contents["alembic/versions/0002_change.py"].decode()
    assert 'SET LOCAL lock_timeout = \'4s\'")\n    op.drop_index("ix_note", table_name="runs")\n' in text

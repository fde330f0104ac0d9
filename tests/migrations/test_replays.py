"""A history whose revisions change is played again from the first change on, and only from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Migration, Relation
from runcrew_lint.domains.migrations.replays import Played, Replays
from runcrew_lint.domains.migrations.schema import Setting
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from
from tests.migrations.test_history import revision

_RUNS = Relation("", "runs")
_ADDED = ("a", "b", "c")


def _migration(at: int, column: str) -> Migration:
    sql = f"ALTER TABLE runs ADD {column} int" if at else f"CREATE TABLE runs ({column} int)"
    return revision(f"r{at}", *([f"r{at - 1}"] if at else []), sql=sql)


def _seen(played: Sequence[Played]) -> list[object]:
    """What each step finds: the columns of the table, who made them, and what is set."""
    found: list[object] = []
    for migration, steps in played:
        for operation, schema in steps:
            table = schema.table(_RUNS)
            columns = {name: each.made_in for name, each in table.columns.items()} if table else None
            found.append((migration.revision, operation.kind, columns, schema.setting("lock_timeout")))
    return found


_COLUMNS = st.lists(st.sampled_from(_ADDED), max_size=5)
_NAMINGS = st.sampled_from(({}, {"ix": "ix_%(table_name)s"}))


@given(st.lists(st.tuples(_COLUMNS, _NAMINGS, st.booleans()), min_size=2, max_size=4))
def test_as_if_played_for_the_first_time(rounds: list[tuple[list[str], Mapping[str, str], bool]]) -> None:
    known: dict[tuple[int, str], Migration] = {}
    replays = Replays()
    for columns, naming, local in rounds:
        order = [known.setdefault((at, each), _migration(at, each)) for at, each in enumerate(columns)]
        settings = {"lock_timeout": Setting("4s", local)}
        again = replays.of("x", order, settings, naming)
        assert _seen(again) == _seen(Replays().of("x", order, settings, naming))


def test_what_comes_before_a_change_is_not_played_again() -> None:
    order = [_migration(at, each) for at, each in enumerate(_ADDED)]
    replays = Replays()
    first = replays.of("x", order, {}, {})
    changed = [order[0], _migration(1, "d"), order[2]]
    again = replays.of("x", changed, {}, {})
    assert [one is other for one, other in zip(first, again, strict=True)] == [True, False, False]
    assert replays.of("x", changed, {}, {})[1] is again[1]
    assert replays.of("y", changed, {}, {})[0] is not again[0]
    other = replays.of("x", changed, {}, {"ix": "ix_%(table_name)s"})
    assert not {*map(id, other)}.intersection(map(id, again))


_SCRIPT = """from alembic import op
import sqlalchemy as sa

revision = "r{at}"
down_revision = {before!r}


def upgrade():
    op.execute("SET lock_timeout = '2s'")
    {upgrade}


def downgrade():
    pass
"""


def _script(at: int, upgrade: str) -> str:
    return _SCRIPT.format(at=at, before=f"r{at - 1}" if at else None, upgrade=upgrade)


def test_runs_of_one_process_say_what_each_says_alone(tmp_path: Path) -> None:
    table = 'op.create_table("runs", sa.Column("id", sa.Integer, primary_key=True){more})'
    upgrades = [table.format(more=""), 'op.add_column("runs", sa.Column("a", sa.Text))']
    upgrades.append('op.alter_column("runs", "a", nullable=False)')
    files = {f"v/versions/r{at}.py": _script(at, each) for at, each in enumerate(upgrades)}
    root = repository_from(files, tmp_path / "r")
    asked = Request(root, select=("migrations",), policy="recommended")
    standing = replace(asked, memory=Memory())
    told = []
    changes = [
        (2, 'op.add_column("runs", sa.Column("b", sa.Text, nullable=False))'),
        (0, table.format(more=', sa.Column("b", sa.Text)')),
        (1, 'op.rename_table("runs", "laps")'),
        (1, upgrades[1]),
        (0, upgrades[0]),
    ]
    for at, upgrade in [(0, upgrades[0]), *changes]:
        (root / f"v/versions/r{at}.py").write_text(_script(at, upgrade))
        told.append(run(standing).report)
        assert told[-1] == run(asked).report
    assert len({report.findings for report in told}) > 3  # the changes matter

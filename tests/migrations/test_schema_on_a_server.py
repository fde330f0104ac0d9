"""The replayed schema and a real server: random histories, run by real Alembic, end in the same catalogue.

Each step is one operation, in Alembic's calls or in SQL. What the server refuses is left out of the
history; what it takes is read from its source and replayed, and the two catalogues must be equal.
"""

from __future__ import annotations

import os
import warnings

import psycopg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.schema import Schema
from tests.components.postgres import Server
from tests.migrations.reading import read, source_of
from tests.migrations.server_catalogue import compared

EXAMPLES = int(os.environ.get("RUNCREW_SCHEMA_EXAMPLES", "6"))
LONG = "a_name_that_is_so_long_that_nothing_can_be_put_behind_it"

# Tables t and u, columns c and d, an index or constraint i, a type k, a default e.
STEPS = [
    "op.create_table({t!r}, sa.Column('id', sa.Integer(), primary_key=True), sa.Column({c!r}, {k}))",
    "op.create_table({t!r}, sa.Column({c!r}, {k}, nullable=False), sa.Column({d!r}, {k}, unique=True),"
    " sa.PrimaryKeyConstraint({c!r}), sa.CheckConstraint('{c} IS NOT NULL'))",
    "op.create_table({t!r}, sa.Column({c!r}, sa.Integer(), sa.Identity(), primary_key=True),"
    " sa.Column({d!r}, sa.Enum('one', 'two', name='k_' + {t!r}), server_default='one'))",
    "op.add_column({t!r}, sa.Column({c!r}, {k}, nullable=True))",
    "op.add_column({t!r}, sa.Column({c!r}, {k}, unique=True, index=True))",
    "op.add_column({t!r}, sa.Column({c!r}, sa.Integer(), sa.ForeignKey('{u}.id', ondelete='CASCADE')))",
    "op.add_column({t!r}, sa.Column({c!r}, sa.Integer(), sa.Identity()))",
    "op.add_column({t!r}, sa.Column({c!r}, sa.Integer(), server_default='7', nullable=False))",
    "op.add_column({t!r}, sa.Column({c!r}, sa.Integer(), sa.Computed('id * 2', persisted=True)))",
    "op.drop_column({t!r}, {c!r})",
    "op.alter_column({t!r}, {c!r}, type_=sa.Text())",
    "op.alter_column({t!r}, {c!r}, new_column_name={d!r})",
    "op.alter_column({t!r}, {c!r}, nullable=False, server_default=sa.text('now()'))",
    "op.alter_column({t!r}, {c!r}, nullable=True, server_default=None)",
    "op.create_index(None, {t!r}, [{c!r}])",
    "op.create_index({i!r}, {t!r}, [{c!r}, sa.text('{d} DESC')], unique=True)",
    "op.create_index(None, {t!r}, [sa.text('lower({c})')], postgresql_where=sa.text('{d} IS NOT NULL'))",
    "op.create_unique_constraint(None, {t!r}, [{c!r}, {d!r}])",
    "op.create_unique_constraint({i!r}, {t!r}, [{c!r}])",
    "op.create_foreign_key(None, {t!r}, {u!r}, [{c!r}], ['id'])",
    "op.create_check_constraint(None, {t!r}, '{c} IS NOT NULL OR {d} IS NOT NULL')",
    "op.drop_constraint('{t}_{c}_key', {t!r})",
    "op.drop_constraint('{t}_pkey', {t!r})",
    "op.drop_index({i!r})",
    "op.rename_table({t!r}, {u!r})",
    "op.drop_table({t!r})",
    "op.execute('DROP TABLE {t} CASCADE')",
    "op.execute('ALTER TABLE {t} DROP COLUMN {c} CASCADE')",
    "op.execute('ALTER TABLE {t} ADD {d} serial, ADD CHECK ({c} IS NOT NULL), ADD UNIQUE ({c})')",
    "op.execute('ALTER TABLE {t} ADD UNIQUE ({c}) INCLUDE ({d})')",
    "op.execute('ALTER TABLE {t} ADD CONSTRAINT {i} FOREIGN KEY ({c}) REFERENCES {u} NOT VALID')",
    "op.execute('ALTER TABLE {t} VALIDATE CONSTRAINT {i}')",
    "op.execute('ALTER TABLE {t} RENAME CONSTRAINT {i} TO {i}_new')",
    "op.execute('ALTER INDEX {i} RENAME TO {i}_new')",
    "op.execute('ALTER TABLE {t} ADD CONSTRAINT {i}_key UNIQUE USING INDEX {i}')",
    "op.execute('CREATE TABLE {t} (id int, {c} text, PRIMARY KEY (id), UNIQUE (id, {c}))"
    " PARTITION BY RANGE (id)')",
    "op.execute('CREATE TABLE {t} PARTITION OF {u} FOR VALUES FROM (1) TO (9)')",
    "op.execute('CREATE TABLE {t} PARTITION OF {u} DEFAULT')",
    "op.execute('ALTER TABLE {u} ATTACH PARTITION {t} FOR VALUES FROM (10) TO (19)')",
    "op.execute('ALTER TABLE {u} DETACH PARTITION {t}')",
    "op.execute('CREATE TABLE {t} (own int CHECK (own > 0)) INHERITS ({u})')",
    "op.execute('CREATE TABLE {t} (LIKE {u} INCLUDING ALL)')",
    "op.execute('CREATE TABLE {t} (LIKE {u})')",
    "op.execute('ALTER TABLE {t} SET SCHEMA other')",
    "op.execute('ALTER TABLE other.{t} SET SCHEMA public')",
    "op.execute('CREATE VIEW v_{t} AS SELECT {c} FROM {t}')",
    "op.execute('DROP VIEW v_{t}')",
    "op.execute('ALTER TYPE k_{t} RENAME TO l_{t}')",
    "op.execute('DROP TYPE l_{t} CASCADE')",
    "op.execute('ALTER TABLE {t} ALTER {c} ADD GENERATED ALWAYS AS IDENTITY')",
    "op.execute('ALTER TABLE {t} ALTER {c} DROP IDENTITY IF EXISTS')",
]
TABLES = ("a", "b", LONG)
COLUMNS = ("x", "y", "id", f"{LONG}_too")
TYPES = (
    "sa.Integer()",
    "sa.Text()",
    "sa.String(20)",
    "sa.Numeric(8, 2)",
    "sa.DateTime(timezone=True)",
    "sa.ARRAY(sa.Integer())",
)
_step = st.builds(
    str.format,
    st.sampled_from(STEPS),
    t=st.sampled_from(TABLES),
    u=st.sampled_from(TABLES),
    c=st.sampled_from(COLUMNS),
    d=st.sampled_from(COLUMNS),
    i=st.sampled_from(["i", "j"]),
    k=st.sampled_from(TYPES),
)
_first = st.builds(
    str.format, st.sampled_from([STEPS[0], STEPS[1], STEPS[-16]]), t=st.sampled_from(TABLES),
    c=st.sampled_from(COLUMNS[:2]), d=st.just("z"), k=st.sampled_from(TYPES),
)  # fmt: skip
_histories = st.tuples(st.lists(_first, min_size=2, max_size=3), st.lists(_step, min_size=10, max_size=60))


def _taken(url: str, steps: list[str]) -> list[str]:
    """The steps that the server takes, one after the other."""
    engine = sa.create_engine(url)
    taken = []
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection.execute(sa.text("CREATE SCHEMA other"))
        operations = Operations(MigrationContext.configure(connection))
        for step in steps:
            nested = connection.begin_nested()
            try:
                exec(step, {"op": operations, "sa": sa})
            except sa.exc.SQLAlchemyError:
                nested.rollback()
            else:
                nested.commit()
                taken.append(step)
        connection.commit()
    engine.dispose()
    return taken


def _replayed(steps: list[str]) -> Schema:
    schema = Schema()
    for number, step in enumerate(steps):
        migration = read(source_of(step))
        assert not migration.unresolved, step
        for operation in migration.upgrade:
            schema = schema.after(operation, f"r{number}")
    return schema


def _differences(server: Server, steps: list[str]) -> tuple[list[str], list[str]]:
    """What the server took, and what differs then."""
    with server.database() as name, server.database() as other:
        taken = _taken(server.url(name), steps)
        schema = _replayed(taken)
        with (
            psycopg.connect(server.conninfo(name), autocommit=True) as real,
            psycopg.connect(server.conninfo(other), autocommit=True) as scratch,
        ):
            result = compared(schema, real, scratch)
    told = [f"{fact}: server {theirs}, replay {ours}" for fact, theirs, ours in result.differing]
    return taken, told + [f"refused: {sql}: {why}" for sql, why in result.refused]


# Each step of a shrinking asks the server for two databases, and there are hundreds: only who hunts waits.
_SHRINKS = (Phase.shrink,) if "RUNCREW_SCHEMA_EXAMPLES" in os.environ else ()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, *_SHRINKS),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(  # a partition that has partitions
    (
        ["op.execute('CREATE TABLE b (id int, PRIMARY KEY (id)) PARTITION BY RANGE (id)')"],
        [
            "op.execute('CREATE TABLE a (id int NOT NULL) PARTITION BY RANGE (id)')",
            "op.execute('ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (10) TO (19)')",
        ],
    )
)
@given(_histories)
def test_a_random_history_ends_in_the_servers_catalogue(
    postgres: Server, history: tuple[list[str], list[str]]
) -> None:
    taken, told = _differences(postgres, [*history[0], *history[1]])
    assert not told, "\n".join([*taken, "", *told])


TABLE = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))"
NAMED = [
    [TABLE, "op.rename_table('t', 'u')", TABLE],
    ["op.execute('CREATE TABLE t (a int UNIQUE, b int, PRIMARY KEY (a), CHECK (a > b), CHECK (b > 0))')"],
    [
        "op.execute('CREATE TABLE t (a int, b text)')",
        "op.create_index(None, 't', ['a'])",
        "op.execute('CREATE INDEX ON t (a)')",
        "op.execute('CREATE INDEX ON t (a)')",
        "op.create_index(None, 't', [sa.text('(a + 1)'), sa.text('(a + 2)')])",
        "op.execute(\"CREATE INDEX ON t (lower(b), (b || ''), coalesce(b, ''))\")",
        "op.execute('CREATE INDEX ON t ((b::int), (CASE WHEN a > 1 THEN 1 END), b) INCLUDE (a)')",
    ],
    [
        f"op.execute('CREATE TABLE {LONG} (a int UNIQUE, {LONG} int UNIQUE, x{LONG} int CHECK (a > 0))')",
        f"op.execute('ALTER TABLE {LONG} ADD FOREIGN KEY (a) REFERENCES {LONG} ({LONG})')",
    ],
    ['op.execute(\'CREATE TABLE "Ä" ("ö" int UNIQUE, PRIMARY KEY ("ö"))\')'],
    [
        "op.execute('CREATE TABLE p (a int, b int) PARTITION BY LIST (a)')",
        "op.create_index(None, 'p', ['b'])",
        "op.execute('CREATE TABLE q PARTITION OF p FOR VALUES IN (1)')",
        "op.create_index(None, 'p', ['a', 'b'])",
        "op.execute('ALTER TABLE p ADD CHECK (b > 0)')",
        "op.add_column('p', sa.Column('c', sa.Text()))",
        "op.drop_column('p', 'b')",
    ],
    [
        "op.execute('CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)')",
        "op.execute('CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (9)')",
        "op.add_column('p', sa.Column('y', sa.Integer(), sa.ForeignKey('p.id')))",
    ],
]


@pytest.mark.parametrize("steps", NAMED)
def test_names_that_the_server_picks(postgres: Server, steps: list[str]) -> None:
    taken, told = _differences(postgres, steps)
    assert taken == steps and not told, "\n".join(told)

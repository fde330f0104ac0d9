"""The lock model against live servers: statements that no committed truth holds, on schemas made at random.

RUNCREW_LOCK_EXAMPLES sets how many schemas a server is asked about (default 8, a dozen statements each).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.domains.migrations.locks.functions import IMMUTABLE, STABLE, VOLATILE
from runcrew_lint.domains.migrations.locks.predict import predict
from runcrew_lint.domains.migrations.schema import Schema
from tests.components.postgres import Server
from tests.migrations.lock_forms import FORMS, FORMS_WORLD
from tests.migrations.lock_server import NEEDS_AUTOCOMMIT, Bench, Measured
from tests.migrations.lock_truth import statements as read_all
from tests.migrations.lock_worlds import World, statements, worlds

EXAMPLES = int(os.environ.get("RUNCREW_LOCK_EXAMPLES", "8"))
STATEMENTS = 12


def replayed(world: World) -> Schema:
    """The world as the replay sees it."""
    schema = Schema()
    for sql in world.build:
        for statement in read_all(sql):
            for operation in statement:
                schema = schema.after(operation, "before")
    return schema


def differences(sql: str, world: World, schema: Schema, measured: Measured, major: int) -> Iterator[str]:
    """Where the prediction and the server part."""
    statement = [operation for each in read_all(sql) for operation in each]
    filled = {Relation("", name) for name in world.filled}
    effect = predict(
        statement, schema, major, revision="now", rows=lambda name: name.key in filled, timezone="UTC"
    )
    if (measured.error == NEEDS_AUTOCOMMIT) is not effect.needs_autocommit:
        yield f"autocommit: {effect.needs_autocommit}"
    if measured.error:
        return
    told = {str(name): str(mode) for name, mode in effect.locks.items()}
    there = frozenset(str(name) for name, _ in schema.tables.items()) | frozenset(
        str(name) for name, _ in schema.sequences.items()
    )
    changed = measured.indexes & (measured.rebuilt | measured.dropped)
    for name in sorted((there | changed) & (set(told) | set(measured.locks))):
        mine, theirs = told.get(name, "no lock"), measured.locks.get(name, "no lock")
        if mine != theirs:
            yield f"lock on {name}: {mine}, measured {theirs}"
    for what, ours, theirs_all in (
        ("rewritten", effect.rewrites, measured.rewritten),
        ("scanned", effect.scans, measured.scanned),
        ("rebuilt", effect.rebuilds, measured.rebuilt),
    ):
        mine_all = {str(name) for name in ours}
        if mine_all != theirs_all:
            yield f"{what}: {sorted(mine_all)}, measured {sorted(theirs_all)}"


def _agrees(server: Server) -> None:
    bench = Bench(server)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES <= 8,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        world = data.draw(worlds())
        bench.build(world.build)
        schema = replayed(world)
        for _ in range(STATEMENTS):
            sql = data.draw(statements(world))
            measured = bench.measure(sql)
            found = list(differences(sql, world, schema, measured, server.major))
            assert not found, "\n".join([*world.build, "", sql, *found])

    try:
        agrees()
    finally:
        bench.close()


_RATED = "SELECT proname, array_agg(DISTINCT provolatile::text) FROM pg_proc WHERE prokind = 'f' GROUP BY 1"


def test_servers_rate_functions_as_the_lists_do(postgres: Server, postgres_16: Server) -> None:
    for server in (postgres, postgres_16):
        with psycopg.connect(server.conninfo()) as connection:
            rated: dict[str, Any] = dict(connection.execute(_RATED).fetchall())
        assert len(VOLATILE & set(rated)) > 40
        assert not [name for name in VOLATILE & set(rated) if "v" not in rated[name]]
        assert not [name for name in (STABLE | IMMUTABLE) & set(rated) if "v" in rated[name]]
        assert not [name for name in IMMUTABLE & set(rated) if rated[name] != ["i"]]


def _forms(server: Server) -> list[str]:
    """Where prediction and server part over the statements of `FORMS`."""
    bench = Bench(server)
    try:
        bench.build(FORMS_WORLD.build)
        schema = replayed(FORMS_WORLD)
        return [
            f"{sql}: {told}"
            for sql in FORMS
            for told in differences(sql, FORMS_WORLD, schema, bench.measure(sql), server.major)
        ]
    finally:
        bench.close()


def test_postgres_18_does_as_foretold(postgres: Server) -> None:
    assert _forms(postgres) == []


def test_postgres_16_does_as_foretold(postgres_16: Server) -> None:
    assert _forms(postgres_16) == []


def test_postgres_18_agrees(postgres: Server) -> None:
    _agrees(postgres)


def test_postgres_16_agrees(postgres_16: Server) -> None:
    _agrees(postgres_16)

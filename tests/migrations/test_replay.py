"""What the replayed schema knows beside a catalogue's facts: who points where, settings, origins."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    Column,
    ConstraintKind,
    Kind,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.schema import Schema, TableKind, TypeKind
from tests.migrations.reading import read, source_of
from tests.migrations.test_history import schema

USERS, RUNS = Relation("", "users"), Relation("", "runs")
BASE = """
CREATE TABLE users (id serial PRIMARY KEY, name text, mood mood);
CREATE TABLE runs (id int, user_id int REFERENCES users, CHECK (id > 0));
CREATE VIEW names AS SELECT name FROM users;
CREATE VIEW long_names AS SELECT name FROM names;
CREATE INDEX ON users (lower(name)) WHERE mood IS NOT NULL;
"""


def test_who_points_at_a_table() -> None:
    made = schema(BASE)
    (table, key), *rest = made.referencing(USERS)
    assert (table.name, key.name, rest) == (RUNS, "runs_user_id_fkey", [])
    assert key.constraint.referred == ("id",)
    assert [str(each.name) for each in made.readers(USERS)] == ["names"]
    assert [str(each.name) for each in made.readers(USERS, "name")] == ["names"]
    assert made.readers(USERS, "mood") == ()
    index = made.index(Relation("", "users_lower_idx"))
    assert index is not None and index.reads == {"name", "mood"} and index.made_in == "r0"


def test_what_points_at_a_table_follows_its_names() -> None:
    made = schema(BASE, "ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME name TO title")
    people = Relation("", "people")
    (_, key), *_ = made.referencing(people)
    assert key.constraint.references == people and not made.referencing(USERS)
    assert [each.query for each in made.readers(people, "title")] == ["SELECT title FROM people"]
    index = made.index(Relation("", "users_lower_idx"))
    assert index is not None and index.table == people and index.reads == {"title", "mood"}
    assert index.index.keys == ("lower(title)",)
    assert made.dropped_in(USERS) == "r1" and made.dropped_in(people) == ""


def test_cascade_takes_what_rests_on_a_table() -> None:
    made = schema(BASE, "DROP TABLE users CASCADE")
    runs = made.table(RUNS)
    assert runs is not None
    assert [each.kind for each in runs.constraints.values()] == [ConstraintKind.CHECK]
    assert made.table(Relation("", "names")) is None and made.table(Relation("", "long_names")) is None
    assert made.sequence(Relation("", "users_id_seq")) is None


def test_cascade_takes_every_default_that_counts_on_a_sequence() -> None:
    made = schema(
        BASE,
        "CREATE TABLE heirs () INHERITS (users)",
        "ALTER TABLE runs ALTER id SET DEFAULT nextval('users_id_seq')",
        "DROP SEQUENCE users_id_seq CASCADE",
    )
    found = [made.column(Relation("", name), "id") for name in ("users", "heirs", "runs")]
    assert [each and (each.column.default, each.column.serial) for each in found] == [(None, False)] * 3
    assert made.sequence(Relation("", "users_id_seq")) is None


def test_a_dropped_column_takes_its_index_and_constraints() -> None:
    made = schema(BASE, "ALTER TABLE users DROP name CASCADE; ALTER TABLE runs DROP COLUMN user_id")
    assert made.indexes_of(USERS) == (made.index(Relation("", "users_pkey")),)
    assert made.referencing(USERS) == () and made.table(Relation("", "names")) is None


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("TABLE runs", True),
        ("SELECT * FROM runs WITH NO DATA", True),
        ("select * from public.runs where id > 3", True),
        ("SELECT * FROM runs, users", False),
        ("SELECT * FROM runs JOIN users ON true", False),
        ("SELECT * FROM runs WHERE id IN (SELECT id FROM users)", False),
        ("SELECT id FROM runs", False),
        ("TABLE unknown", False),
    ],
)
def test_a_table_of_all_columns_of_another(query: str, known: bool) -> None:
    made = schema(BASE, f"CREATE TABLE copy AS {query}").table(Relation("", "copy"))
    assert made is not None and made.complete is known and not made.constraints
    told = [(name, each.column.type, each.column.nullable) for name, each in made.columns.items()]
    assert told == ([("id", "integer", True), ("user_id", "integer", True)] if known else [])


def test_a_tables_columns_have_no_more_than_their_types() -> None:
    made = schema(BASE, "CREATE TABLE copy AS TABLE users").table(Relation("", "copy"))
    assert made is not None
    (of, *_) = (each.column for each in made.columns.values())
    assert (of.name, of.type, of.nullable, of.default, of.serial) == ("id", "integer", True, None, False)


def test_of_a_table_known_in_part_the_copy_is() -> None:
    made = schema("ALTER TABLE legs ADD a int", "CREATE TABLE copy AS TABLE legs")
    copy = made.table(Relation("", "copy"))
    assert copy is not None and list(copy.columns) == ["a"] and not copy.complete


def test_what_is_not_known_of_a_column_may_be_known_of_its_copy() -> None:
    column = Column("a", unknown=("default", "type"))
    made = Schema().after(Operation(Kind.CREATE_TABLE, NOWHERE, table=RUNS, columns=(column,)), "r0")
    copied = Operation(Kind.CREATE_TABLE, NOWHERE, table=USERS, words="as", text="TABLE runs", others=(RUNS,))
    copy = made.after(copied, "r1").column(USERS, "a")
    assert copy is not None and copy.column.unknown == ("type",)


def test_its_own_names_for_them_are_not_guessed() -> None:
    made = schema(BASE, "CREATE TABLE copy (a, b) AS TABLE runs").table(Relation("", "copy"))
    assert made is not None and not made.complete


def test_types_and_their_users() -> None:
    made = schema(
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN moods AS mood CHECK (VALUE <> 'sad')",
        "CREATE TABLE users (id int, mood mood, more mood[], narrow moods)",
        "ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad'; ALTER TYPE mood RENAME TO feeling",
    )
    feeling = made.type(Relation("", "feeling"))
    assert feeling is not None and feeling.kind is TypeKind.ENUM
    assert dict(feeling.labels) == {"sad": "r0", "happy": "r2", "ok": "r0"}
    users = made.users_of(Relation("", "feeling"))
    assert sorted(state.column.name for _, state in users) == ["mood", "more", "narrow"]
    assert {state.column.name: state.column.type for _, state in users}["more"] == "feeling[]"
    assert made.type(Relation("", "mood")) is None


def test_an_extension_brings_its_types() -> None:
    made = schema(
        "CREATE EXTENSION citext; CREATE TABLE users (name citext)", "DROP EXTENSION citext CASCADE"
    )
    users = made.table(USERS)
    assert users is not None and not users.columns and made.type(Relation("", "citext")) is None


def test_partitions_and_their_parents() -> None:
    made = schema(
        "CREATE TABLE runs (id int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE runs_1 PARTITION OF runs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        "CREATE INDEX ON ONLY runs (id)",
    )
    runs = made.table(RUNS)
    assert runs is not None and runs.kind is TableKind.PARTITIONED
    (child,) = made.children(RUNS)
    assert child.is_partition and made.parents(child.name) == (runs,) and list(child.columns) == ["id", "at"]
    index = made.index(Relation("", "runs_id_idx"))
    assert index is not None and not index.valid
    detached = schema_after(made, "ALTER TABLE runs DETACH PARTITION runs_1")
    assert detached.children(RUNS) == ()


def test_a_new_partition_gets_a_part_of_each_index() -> None:
    made = schema(
        "CREATE TABLE runs (id int PRIMARY KEY, at date) PARTITION BY RANGE (id)",
        "CREATE INDEX ON runs (at)",
        "CREATE TABLE runs_1 PARTITION OF runs FOR VALUES FROM (1) TO (2)",
    )
    (child,) = made.children(RUNS)
    assert sorted(child.indexes) == ["runs_1_at_idx", "runs_1_pkey"]


def test_a_default_partition_is_one_as_long_as_it_is_attached() -> None:
    made = schema(
        "CREATE TABLE runs (id int) PARTITION BY LIST (id)",
        "CREATE TABLE users (id int) PARTITION BY LIST (id)",
        "CREATE TABLE rest PARTITION OF runs DEFAULT",
        "CREATE TABLE one PARTITION OF runs FOR VALUES IN (1)",
    )

    def found(schema: Schema, table: Relation) -> list[str]:
        return [each.name.name for each in schema.default_partitions(table)]

    assert (found(made, RUNS), found(made, USERS)) == (["rest"], [])
    detached = schema_after(made, "ALTER TABLE runs DETACH PARTITION rest")
    assert found(detached, RUNS) == []
    elsewhere = schema_after(detached, "ALTER TABLE users ATTACH PARTITION rest DEFAULT")
    assert (found(elsewhere, RUNS), found(elsewhere, USERS)) == ([], ["rest"])
    bounded = schema_after(detached, "ALTER TABLE runs ATTACH PARTITION rest FOR VALUES IN (2)")
    assert found(bounded, RUNS) == []
    renamed = schema_after(made, "ALTER TABLE rest RENAME TO others")
    assert found(renamed, RUNS) == ["others"]


def schema_after(before: Schema, sql: str) -> Schema:
    for operation in read(source_of(f"op.execute({sql!r})")).upgrade:
        before = before.after(operation, "later")
    return before


@pytest.mark.parametrize(
    ("upgrade", "found"),
    [
        ("op.execute(\"SET lock_timeout = '5s'\")", "5s"),
        ("op.execute(\"SET LOCAL lock_timeout TO '5s'\")", "5s local"),
        ("op.execute(\"SET lock_timeout = '5s'\")\nop.execute('RESET lock_timeout')", None),
        ("op.execute(\"SET lock_timeout = '5s'\")\nop.execute('RESET ALL')", None),
        ("op.execute(\"SET lock_timeout = '5s'\")\nop.execute('SET lock_timeout TO DEFAULT')", None),
        ("op.execute(\"SET LOCAL lock_timeout = '5s'\")\nop.execute('COMMIT')", None),
        ("op.execute(\"SET lock_timeout = '5s'\")\nop.execute('ROLLBACK')", None),
        ("op.execute(\"SET lock_timeout = '1s'; SET LOCAL lock_timeout = '5s'; COMMIT\")", "1s"),
        ("op.execute(\"SET LOCAL lock_timeout = '5s'\")\nwith op.get_context().autocommit_block():\n"
         "    op.execute('VACUUM')", None),
        ("with op.get_context().autocommit_block():\n"
         "    op.execute(\"SET LOCAL lock_timeout = '5s'\")", None),
        ("with op.get_context().autocommit_block():\n    op.execute(\"SET lock_timeout = '5s'\")\n"
         "op.execute('SELECT 1')", "5s"),
    ],
)  # fmt: skip
def test_the_setting_in_force(upgrade: str, found: str | None) -> None:
    made = Schema().entering("r2", {})
    for operation in read(source_of(upgrade)).upgrade:
        made = made.after(operation, "r2")
    setting = made.setting("lock_timeout")
    assert (setting and f"{setting.value}{' local' if setting.local else ''}") == found
    assert made.entering("r3").setting("lock_timeout") is None


def test_an_autocommit_block_has_its_settings_at_its_first_statement() -> None:
    upgrade = (
        "op.execute(\"SET LOCAL lock_timeout = '5s'\")\n"
        "with op.get_context().autocommit_block():\n    op.execute('VACUUM')"
    )
    made = Schema()
    first, second = read(source_of(upgrade)).upgrade
    made = made.after(first, "r2")
    assert second.transaction is Transaction.AUTOCOMMIT
    assert made.session.before(second).get("lock_timeout") is None


PUBLIC = """
CREATE SEQUENCE public.numbers;
CREATE FUNCTION public.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE users (id int, mood mood);
CREATE TABLE other.users (id int);
"""


def test_public_is_a_schema_as_any_other() -> None:
    gone = schema(PUBLIC, "DROP SCHEMA public CASCADE")
    assert gone.table(USERS) is None and gone.type(Relation("", "mood")) is None
    assert gone.sequence(Relation("", "numbers")) is None and gone.function(Relation("", "one")) is None
    assert gone.table(Relation("other", "users")) is not None
    moved = schema(PUBLIC, "ALTER SCHEMA public RENAME TO old")
    assert moved.table(USERS) is None and moved.table(Relation("old", "users")) is not None

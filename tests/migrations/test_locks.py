"""The lock model's parts: modes, casts, expressions, volatility, doubts, and a finding's notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runcrew_lint.domains.migrations.facts import Form, Relation
from runcrew_lint.domains.migrations.locks import casts, terms
from runcrew_lint.domains.migrations.locks.effect import Effect
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.notes import effect_notes
from runcrew_lint.domains.migrations.locks.predict import predict, shares
from runcrew_lint.domains.migrations.locks.volatility import Volatility, volatility
from runcrew_lint.domains.migrations.schema import Schema
from tests.migrations.lock_truth import statements

DOMAINS = {
    "said": casts.DomainType("text", constrained=False),
    "short": casts.DomainType("character varying(10)", constrained=False),
    "positive": casts.DomainType("integer", constrained=True),
}
STAMP, ZONED = "timestamp without time zone", "timestamp with time zone"


def replayed(*sql: str, revision: str = "r0") -> Schema:
    schema = Schema()
    for text in sql:
        for statement in statements(text):
            for operation in statement:
                schema = schema.after(operation, revision)
    return schema


def effect_of(sql: str, schema: Schema, *, major: int = 16, revision: str = "r1") -> Effect:
    (statement,) = statements(sql)
    return predict(statement, schema, major, revision=revision)


def notes_of(sql: str, schema: Schema, *, revision: str = "r1") -> list[tuple[str, str]]:
    effect = effect_of(sql, schema, revision=revision)
    return [(note.label, note.text) for note in effect_notes(effect, schema, revision, 16)]


def test_modes_are_ordered_and_named_as_the_manual_does() -> None:
    assert [str(mode) for mode in LockMode][3:5] == ["SHARE UPDATE EXCLUSIVE", "SHARE"]
    assert [mode for mode in LockMode if mode.blocks_reads] == [LockMode.ACCESS_EXCLUSIVE]
    assert [mode for mode in LockMode if mode.blocks_writes] == list(LockMode)[4:]
    assert all(a.conflicts_with(b) is b.conflicts_with(a) for a in LockMode for b in LockMode)
    assert not LockMode.SHARE.conflicts_with(LockMode.SHARE)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("character varying(10)", "character varying(20)", True),
        ("character varying(20)", "character varying(10)", False),
        ("character varying(10)", "text", True),
        ("text", "character varying(10)", False),
        ("text", "character varying", True),
        ("citext", "character varying(10)", False),
        ("character(5)", "character(5)", True),
        ("character(5)", "character(6)", False),
        ("character(5)", "text", False),
        ("numeric(10,2)", "numeric(12,2)", True),
        ("numeric(10,2)", "numeric(12,3)", False),
        ("numeric(10)", "numeric(12,0)", True),
        ("integer", "bigint", False),
        ("integer", "oid", True),
        ("oid", "regclass", True),
        ("bit(4)", "bit varying", True),
        ("bit varying(4)", "bit varying(8)", True),
        ("interval(3)", "interval(2)", False),
        ("interval(3)", "interval", True),
        ("interval day to second", "interval", True),
        ("interval", "interval day", False),
        ("character varying(10)[]", "character varying[]", True),
        ("character varying(10)[]", "character varying(20)[]", False),
        ("integer[]", "bigint[]", False),
        ("text", "said", True),
        ("said", "text", True),
        ("short", "character varying(20)", True),
        ("short", "character varying(5)", False),
        ("integer", "positive", False),
        ("positive", "integer", True),
        ("mood", "text", False),
        (STAMP, ZONED, True),
        (STAMP, "timestamp(3) with time zone", False),
        ("date", STAMP, False),
    ],
)
def test_which_changes_keep_the_rows(old: str, new: str, kept: bool) -> None:
    assert casts.keeps_rows(old, new, major=16, timezone="UTC", domains=DOMAINS) is kept


@pytest.mark.parametrize(
    ("major", "timezone", "kept"),
    [
        (16, "UTC", True),
        (16, "Europe/Berlin", False),
        (16, None, None),
        (11, "UTC", False),
        (11, None, False),
    ],
)
def test_time_zones(major: int, timezone: str | None, kept: bool | None) -> None:
    assert casts.keeps_rows(STAMP, ZONED, major=major, timezone=timezone, domains={}) is kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c", ()),
        ("(c)", ()),
        ("c::text", ("text",)),
        ("CAST(c AS varchar(9))", ("character varying(9)",)),
        ("c::text::int", ("text", "integer")),
        ("(c::text)::int", ("text", "integer")),
        ("cast(c as text)::int", ("text", "integer")),
        ('c COLLATE "C"', ()),
        ("c + 1", None),
        ("lower(c)", None),
        ("c AT TIME ZONE 'UTC'", None),
        ("c::timestamp AT TIME ZONE 'UTC'", None),
        ("d::text", None),
        ("'x'", None),
    ],
)
def test_the_casts_of_a_column(text: str, found: tuple[str, ...] | None) -> None:
    assert terms.casts_of(text, "c") == found


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("c IS NOT NULL", True),
        ("((c IS NOT NULL))", True),
        ("c IS NOT NULL AND d > 0", True),
        ("d > 0 AND (e > 0 AND c IS NOT NULL)", True),
        ("d BETWEEN 1 AND 2 AND c IS NOT NULL", True),
        ("c IS NOT NULL OR d > 0", False),
        ("c > 0", False),
        ("NOT (c IS NULL)", False),
        ("d IS NOT NULL", False),
        ("'c' IS NOT NULL", False),
    ],
)
def test_what_proves_that_a_column_holds_no_null(text: str, proof: bool) -> None:
    assert terms.proves_not_null(text, "c") is proof


@pytest.mark.parametrize(
    ("expression", "rated"),
    [
        ("7", Volatility.IMMUTABLE),
        ("'random()'", Volatility.IMMUTABLE),
        ("now()", Volatility.STABLE),
        ("CURRENT_TIMESTAMP", Volatility.IMMUTABLE),
        ("timezone('utc', now())", Volatility.STABLE),
        ("clock_timestamp()", Volatility.VOLATILE),
        ("pg_catalog.gen_random_uuid()", Volatility.VOLATILE),
        ("upper(md5(random()::text))", Volatility.VOLATILE),
        ("made_here(1)", Volatility.UNKNOWN),
        ("auth.uid()", Volatility.STABLE),
        ("(auth.jwt() ->> 'sub')::uuid", Volatility.STABLE),
        ("uid()", Volatility.UNKNOWN),
        ("other.uid()", Volatility.UNKNOWN),
        ("made_here(random())", Volatility.VOLATILE),
        ("('{}')::jsonb", Volatility.IMMUTABLE),
        ("(1 + 2)", Volatility.IMMUTABLE),
        ("'open", Volatility.UNKNOWN),
        ("'a'::character varying(20)", Volatility.IMMUTABLE),
        ("'0'::dec(3)", Volatility.IMMUTABLE),
        ("'POINT(0 0)'::geometry(Point, 4326)", Volatility.IMMUTABLE),
    ],
)
def test_volatility(expression: str, rated: Volatility) -> None:
    assert volatility(expression) is rated


def test_a_function_of_the_history_goes_before_what_supabase_has() -> None:
    assert volatility("auth.uid()", lambda name: Volatility.VOLATILE) is Volatility.VOLATILE


RUNS = "CREATE TABLE runs (id bigint PRIMARY KEY, title varchar(10), at timestamp)"


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("ALTER TABLE elsewhere ALTER COLUMN c TYPE text", "rewrite"),
        ("ALTER TABLE runs ALTER COLUMN nowhere TYPE text", "rewrite"),
        ("ALTER TABLE runs ALTER COLUMN at TYPE timestamptz", "rewrite"),
        ("ALTER TABLE runs ADD COLUMN c int DEFAULT made_elsewhere()", "rewrite"),
        ("ALTER TABLE elsewhere DROP CONSTRAINT k", "lock"),
        ("ALTER TABLE elsewhere VALIDATE CONSTRAINT k", "lock"),
        ("DROP INDEX elsewhere_ix", "lock"),
    ],
)
def test_what_is_not_known_is_a_doubt_and_no_guess(sql: str, what: str) -> None:
    effect = effect_of(sql, replayed(RUNS))
    assert effect.may(what) is not None
    assert not effect.rewrites


@pytest.mark.parametrize("change", ["text USING lower(c)", "mood USING c::text::mood"])
def test_what_is_computed_for_each_row_whatever_the_old_type_is(change: str) -> None:
    effect = effect_of(f"ALTER TABLE elsewhere ALTER COLUMN c TYPE {change}", replayed(RUNS))
    assert effect.rewrites == {Relation("", "elsewhere")}
    assert effect.may("rewrite") is None


def test_alembic_adds_the_foreign_key_of_a_new_column_by_a_statement_of_its_own() -> None:
    (statement,) = statements("ALTER TABLE runs ADD COLUMN by bigint REFERENCES users")
    schema = replayed(RUNS)
    assert not predict(statement, schema, 16).scans
    sent = [replace(each, form=Form.CALL) for each in statement]
    assert predict(sent, schema, 16).scans == {Relation("", "runs"), Relation("", "users")}


def test_what_a_revision_made_itself_holds_no_rows() -> None:
    sql = "ALTER TABLE runs ALTER COLUMN title SET NOT NULL"
    assert not effect_of(sql, replayed(RUNS), revision="r0").scans
    assert effect_of(sql, replayed(RUNS), revision="r1").scans == {Relation("", "runs")}
    filled = replayed(RUNS, "INSERT INTO runs (id) SELECT 1")
    assert effect_of(sql, filled, revision="r0").scans == {Relation("", "runs")}


def test_the_share_of_one_action() -> None:
    (statement,) = statements("ALTER TABLE runs ALTER COLUMN title SET STATISTICS 5, DROP COLUMN at")
    schema = replayed(RUNS)
    told = [each.strongest for each in shares(statement, schema, 16, revision="r1")]
    assert told == [LockMode.SHARE_UPDATE_EXCLUSIVE, LockMode.ACCESS_EXCLUSIVE]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE a PARTITION OF a FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
        "CREATE TABLE a () INHERITS (a)",
        "CREATE TABLE a (x int); ALTER TABLE a INHERIT a",
        "CREATE TABLE a (x int); CREATE TABLE b (x int); ALTER TABLE a INHERIT b; ALTER TABLE b INHERIT a",
    ],
)
def test_tables_that_descend_from_themselves(sql: str) -> None:
    """PostgreSQL refuses them; a history may say so all the same."""
    schema = replayed(*sql.split("; "))
    assert Relation("", "a") not in [each.name for each in schema.descendants(Relation("", "a"))]
    assert effect_of("DROP TABLE a CASCADE", schema).locks
    assert schema.table(Relation("", "a")) is not None


def test_a_mode_that_there_is_not() -> None:
    assert effect_of("LOCK runs IN NOWAIT MODE", replayed(RUNS)).strongest is LockMode.ACCESS_EXCLUSIVE


def test_a_statement_without_effect_has_none() -> None:
    assert effect_of("CREATE SCHEMA s", Schema()) == Effect()
    assert replace(Effect(), needs_autocommit=True).strongest is None


@pytest.mark.parametrize(
    ("sql", "notes"),
    [
        (
            "ALTER TABLE runs ALTER COLUMN id TYPE text",
            [
                ("lock", "ACCESS EXCLUSIVE on runs (created in r0), PostgreSQL 16: reads and writes wait"),
                ("rewrite", "runs with its index, under that lock"),
            ],
        ),
        (
            "ALTER TABLE runs ADD FOREIGN KEY (id) REFERENCES users (id)",
            [
                (
                    "lock",
                    "SHARE ROW EXCLUSIVE on runs (created in r0) and users, PostgreSQL 16: writes wait",
                ),
                ("scan", "all rows of runs and users, under that lock"),
            ],
        ),
        (
            "CREATE INDEX CONCURRENTLY i ON runs (title)",
            [
                (
                    "lock",
                    "SHARE UPDATE EXCLUSIVE on runs (created in r0), PostgreSQL 16: reads and writes go on",
                ),
                ("scan", "all rows of runs, under that lock"),
            ],
        ),
        (
            "ALTER TABLE elsewhere ALTER COLUMN c TYPE text",
            [
                ("lock", "ACCESS EXCLUSIVE on elsewhere, PostgreSQL 16: reads and writes wait"),
                ("may rewrite", "elsewhere: the old type of c is not known"),
            ],
        ),
    ],
)
def test_the_notes_of_a_finding(sql: str, notes: list[tuple[str, str]]) -> None:
    assert notes_of(sql, replayed(RUNS)) == notes


def test_nobody_waits_for_what_the_revision_made() -> None:
    assert notes_of("ALTER TABLE runs ADD COLUMN c int", replayed(RUNS), revision="r0") == []

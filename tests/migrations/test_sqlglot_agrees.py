"""Our reading of SQL against sqlglot's: kind, table and names agree wherever sqlglot has a tree.

Where it answers `Command` it has read nothing, and where it reads something else than PostgreSQL does
the statement is listed with the reason.
"""

# ruff: noqa: E501 - a statement is one line
from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest
import sqlglot
from sqlglot import expressions as exp

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.statements import read

logging.getLogger("sqlglot").setLevel(logging.ERROR)

CORPUS = """
CREATE TABLE runs (id bigint PRIMARY KEY, pace int NOT NULL DEFAULT 0, title text)
CREATE TABLE IF NOT EXISTS log.runs (id bigserial, at timestamptz DEFAULT now(), UNIQUE (id))
CREATE TABLE "Runs" ("Id" uuid DEFAULT gen_random_uuid(), "user" text)
CREATE TABLE runs (id int, crew_id int REFERENCES crews (id) ON DELETE CASCADE, CONSTRAINT pk PRIMARY KEY (id, crew_id))
CREATE TABLE runs (id int GENERATED ALWAYS AS IDENTITY, half int GENERATED ALWAYS AS (id / 2) STORED)
CREATE TABLE runs (a numeric(10, 2), b varchar(80)[], c double precision, d timestamp with time zone)
CREATE TABLE runs (a int CHECK (a > 0), b text COLLATE "C", CHECK (a > 1 AND b <> ''))
CREATE TABLE runs (a int, FOREIGN KEY (a) REFERENCES s.crews (id) DEFERRABLE INITIALLY DEFERRED)
CREATE TABLE runs AS SELECT 1 AS a
CREATE TABLE IF NOT EXISTS runs AS SELECT * FROM crews WHERE city = 'Seoul'
CREATE TABLE runs (at date, id int) PARTITION BY RANGE (at)
CREATE TABLE runs_2026 PARTITION OF runs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
CREATE TABLE runs (LIKE crews INCLUDING ALL)
CREATE TEMPORARY TABLE scratch (a int)
CREATE TEMP TABLE scratch AS SELECT 1
CREATE UNLOGGED TABLE scratch (a int)
CREATE TABLE runs (a int) WITH (fillfactor = 70)
CREATE TABLE runs (a int) TABLESPACE fast
CREATE TABLE runs (a int) INHERITS (base)
CREATE TABLE a.b.c (d int)
CREATE INDEX ix ON runs (a)
CREATE INDEX ON runs (a)
CREATE UNIQUE INDEX ix ON log.runs (a, b DESC)
CREATE INDEX CONCURRENTLY ix ON runs (a)
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Ix" ON "Runs" ("A")
CREATE INDEX IF NOT EXISTS ix ON runs USING gin (tags)
CREATE INDEX ix ON runs (lower(title))
CREATE INDEX ix ON runs ((a + b))
CREATE INDEX ix ON runs USING gin (title gin_trgm_ops)
CREATE INDEX ix ON runs (a) INCLUDE (b)
CREATE INDEX ix ON runs (a) WHERE b IS NULL
CREATE INDEX ix ON runs (a NULLS LAST) WITH (fillfactor = 70)
CREATE INDEX ix ON ONLY runs (a)
CREATE INDEX ix ON runs USING hnsw (embedding vector_cosine_ops) WITH (m = 16)
CREATE INDEX ix ON runs (a) TABLESPACE fast
DROP TABLE runs
DROP TABLE IF EXISTS log.runs, "Crews" CASCADE
DROP TABLE runs RESTRICT
DROP FOREIGN TABLE runs
DROP INDEX ix
DROP INDEX CONCURRENTLY ix
DROP INDEX CONCURRENTLY IF EXISTS log.ix
DROP INDEX IF EXISTS ix CASCADE
DROP INDEX a, b
DROP VIEW v
DROP VIEW IF EXISTS log.v CASCADE
DROP MATERIALIZED VIEW v
DROP TYPE mood
DROP TYPE IF EXISTS log.mood
DROP SEQUENCE runs_id_seq
DROP FUNCTION f(int)
DROP EXTENSION IF EXISTS postgis
DROP TRIGGER t ON runs
DROP SCHEMA log CASCADE
CREATE VIEW v AS SELECT 1
CREATE OR REPLACE VIEW log.v AS SELECT a FROM runs
CREATE MATERIALIZED VIEW v AS SELECT 1
CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1 WITH NO DATA
CREATE TEMPORARY VIEW v AS SELECT 1
CREATE VIEW v (a, b) AS SELECT 1, 2
CREATE TYPE mood AS ENUM ('good', 'bad')
CREATE TYPE log.point AS (x int, y int)
CREATE SCHEMA IF NOT EXISTS log
CREATE EXTENSION IF NOT EXISTS postgis
CREATE SEQUENCE runs_id_seq START WITH 1
CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql
CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql
CREATE TRIGGER t BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION f()
ALTER TABLE runs ADD COLUMN a int
ALTER TABLE runs ADD a text NOT NULL DEFAULT ''
ALTER TABLE IF EXISTS log.runs ADD COLUMN IF NOT EXISTS a int
ALTER TABLE ONLY runs ADD COLUMN a varchar(20) COLLATE "C"
ALTER TABLE runs ADD COLUMN a int REFERENCES crews (id)
ALTER TABLE runs ADD COLUMN a int GENERATED ALWAYS AS (b * 2) STORED
ALTER TABLE runs ADD COLUMN a int, ADD COLUMN b text
ALTER TABLE runs ADD COLUMN a int, DROP COLUMN b
ALTER TABLE "Runs" ADD COLUMN "User Id" uuid
ALTER TABLE runs DROP COLUMN a
ALTER TABLE runs DROP a
ALTER TABLE runs DROP COLUMN IF EXISTS a CASCADE
ALTER TABLE runs DROP COLUMN a, DROP COLUMN b
ALTER TABLE runs ALTER COLUMN a TYPE text
ALTER TABLE runs ALTER a SET DATA TYPE varchar(80)
ALTER TABLE runs ALTER COLUMN a TYPE int USING a::int
ALTER TABLE runs ALTER COLUMN a SET NOT NULL
ALTER TABLE runs ALTER a DROP NOT NULL
ALTER TABLE runs ALTER COLUMN a SET DEFAULT 1
ALTER TABLE runs ALTER COLUMN a SET DEFAULT now()
ALTER TABLE runs ALTER COLUMN a DROP DEFAULT
ALTER TABLE runs ALTER COLUMN a SET NOT NULL, ALTER COLUMN b DROP DEFAULT
ALTER TABLE runs ALTER COLUMN a SET STATISTICS 100
ALTER TABLE runs RENAME TO races
ALTER TABLE log.runs RENAME TO races
ALTER TABLE runs RENAME COLUMN a TO b
ALTER TABLE runs RENAME a TO b
ALTER TABLE runs RENAME CONSTRAINT a TO b
ALTER TABLE runs ADD CONSTRAINT c CHECK (a > 0)
ALTER TABLE runs ADD CONSTRAINT c CHECK (a > 0) NOT VALID
ALTER TABLE runs ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES crews (id)
ALTER TABLE runs ADD CONSTRAINT c FOREIGN KEY (a, b) REFERENCES log.crews (x, y) ON DELETE SET NULL
ALTER TABLE runs ADD FOREIGN KEY (a) REFERENCES crews
ALTER TABLE runs ADD CONSTRAINT c UNIQUE (a)
ALTER TABLE runs ADD UNIQUE (a, b)
ALTER TABLE runs ADD CONSTRAINT c PRIMARY KEY (a)
ALTER TABLE runs ADD PRIMARY KEY (a)
ALTER TABLE runs ADD CONSTRAINT c UNIQUE USING INDEX ix
ALTER TABLE runs ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)
ALTER TABLE runs DROP CONSTRAINT c
ALTER TABLE runs DROP CONSTRAINT IF EXISTS c CASCADE
ALTER TABLE runs VALIDATE CONSTRAINT c
ALTER TABLE runs SET SCHEMA log
ALTER TABLE runs SET (fillfactor = 70)
ALTER TABLE runs SET LOGGED
ALTER TABLE runs OWNER TO app
ALTER TABLE runs ENABLE ROW LEVEL SECURITY
ALTER TABLE runs DISABLE TRIGGER ALL
ALTER TABLE runs ATTACH PARTITION runs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
ALTER TABLE runs DETACH PARTITION runs_2026 CONCURRENTLY
ALTER INDEX ix RENAME TO iy
ALTER INDEX IF EXISTS ix RENAME TO iy
ALTER VIEW v RENAME TO w
ALTER TYPE mood ADD VALUE 'fine'
ALTER TYPE mood RENAME TO feeling
ALTER SEQUENCE s RESTART WITH 1
COMMENT ON TABLE runs IS 'a run'
COMMENT ON TABLE log.runs IS NULL
COMMENT ON COLUMN runs.a IS 'deprecated: 2026-01-05'
COMMENT ON COLUMN log.runs.a IS 'it''s'
COMMENT ON COLUMN "Runs"."A" IS $$x$$
COMMENT ON INDEX ix IS 'x'
TRUNCATE runs
TRUNCATE TABLE runs, log.crews CASCADE
TRUNCATE runs RESTART IDENTITY
INSERT INTO runs (a) VALUES (1)
INSERT INTO log.runs SELECT * FROM crews
INSERT INTO "Runs" DEFAULT VALUES
INSERT INTO runs (a) VALUES (1) ON CONFLICT DO NOTHING
INSERT INTO runs AS r (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a RETURNING a
UPDATE runs SET a = 1
UPDATE log.runs SET a = 1 WHERE b
UPDATE runs AS r SET a = c.a FROM crews c WHERE c.id = r.id
UPDATE "Runs" SET "A" = 'where'
DELETE FROM runs
DELETE FROM log.runs WHERE a = 1
DELETE FROM runs USING crews WHERE crews.id = runs.a
MERGE INTO runs USING crews ON runs.a = crews.id WHEN MATCHED THEN UPDATE SET b = 1
WITH x AS (SELECT 1) DELETE FROM runs
WITH x AS (SELECT 1 AS a) INSERT INTO runs SELECT a FROM x
WITH x (a) AS (VALUES (1)) UPDATE runs SET a = x.a FROM x WHERE x.a = 1
WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x
SELECT 1
SELECT a FROM runs WHERE b = 'into'
SELECT a INTO races FROM runs
SELECT a INTO TEMP TABLE races FROM runs
VALUES (1), (2)
SET lock_timeout = '5s'
SET LOCAL lock_timeout = '5s'
RESET lock_timeout
BEGIN
COMMIT
ROLLBACK
ANALYZE runs
GRANT SELECT ON runs TO app
REFRESH MATERIALIZED VIEW v
"""
STATEMENTS = [line for line in CORPUS.splitlines() if line]

# What sqlglot reads otherwise than PostgreSQL does.
DIFFERS = {
    "ALTER TABLE runs RENAME a TO b": "it takes the column's name for the table's new one",
}


class Said(NamedTuple):
    """What both can say of one change: its kind, its table, and the names it is about."""

    kind: Kind
    table: str
    names: tuple[str, ...] = ()


# What sqlglot has one tree for all of, and says no more of than that.
_UNTOLD = frozenset(
    {
        Kind.OTHER,
        Kind.CREATE_SEQUENCE,
        Kind.DROP_SEQUENCE,
        Kind.CREATE_SCHEMA,
        Kind.DROP_SCHEMA,
        Kind.CREATE_EXTENSION,
        Kind.DROP_EXTENSION,
        Kind.CREATE_FUNCTION,
        Kind.DROP_FUNCTION,
        Kind.CREATE_TRIGGER,
        Kind.DROP_TRIGGER,
        Kind.ANALYZE,
    }
)


class Unsaid(Exception):
    """sqlglot has no tree for it."""


def ours(sql: str) -> list[Said]:
    """Our own reading."""
    return [_said(each) for each in read(sql) if isinstance(each, Operation)]


def _said(operation: Operation) -> Said:
    kind, table = operation.kind, str(operation.table) if operation.table.name else ""
    columns = tuple(each.name for each in operation.columns)
    if kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX):
        return Said(kind, table, (operation.name, "concurrently" if operation.concurrently else ""))
    if kind in (Kind.RENAME_TABLE, Kind.RENAME_INDEX):
        assert operation.target is not None
        old = table or operation.name
        return Said(kind, old, (operation.target.name,))
    if kind is Kind.RENAME_COLUMN:
        return Said(kind, table, (*columns, operation.name))
    if kind in (Kind.DROP_CONSTRAINT, Kind.CREATE_TYPE, Kind.DROP_TYPE):
        return Said(kind, table, (operation.name,))
    if kind is Kind.ADD_CONSTRAINT:
        return Said(kind, table, (operation.name, operation.constraints[0].kind.value))
    if kind is Kind.COMMENT_COLUMN:
        return Said(kind, table, (*columns, operation.columns[0].comment or ""))
    if kind in (Kind.SET, Kind.CREATE_VIEW):
        return Said(kind, table)
    if kind in _UNTOLD:
        return Said(Kind.OTHER, "")
    return Said(kind, table, columns)


def theirs(sql: str) -> list[Said]:
    """sqlglot's reading.

    Errors:
        Unsaid where it has no tree of the statement.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="postgres")
    except sqlglot.errors.ParseError:
        raise Unsaid from None
    if isinstance(tree, exp.Command):
        raise Unsaid
    return list(_tree(tree))


def _tree(tree: Any) -> Iterator[Said]:
    reader = _READERS.get(type(tree))
    if reader is None:
        raise Unsaid
    yield from reader(tree)


def _name(identifier: Any) -> str:
    if not identifier:
        return ""
    return str(identifier.this) if identifier.args.get("quoted") else str(identifier.this).lower()


def _table(node: Any) -> str:
    if isinstance(node, exp.Schema):
        node = node.this
    return str(Relation(_name(node.args.get("db")), _name(node.this)))


def _create(tree: Any) -> Iterator[Said]:
    kind = tree.kind.upper()
    if kind == "INDEX":
        index = tree.this
        flag = "concurrently" if tree.args.get("concurrently") else ""
        yield Said(Kind.CREATE_INDEX, _table(index.args["table"]), (_name(index.this), flag))
    elif kind == "TABLE":
        parts: Iterable[Any] = tree.this.expressions if isinstance(tree.this, exp.Schema) else ()
        columns = tuple(_name(each.this) for each in parts if isinstance(each, exp.ColumnDef))
        yield Said(Kind.CREATE_TABLE, _table(tree.this), columns)
    elif kind == "VIEW":
        yield Said(Kind.CREATE_VIEW, _table(tree.this))
    elif kind == "TYPE":
        yield Said(Kind.CREATE_TYPE, "", (_table(tree.this),))
    else:
        yield Said(Kind.OTHER, "")


def _drop(tree: Any) -> Iterator[Said]:
    kind = tree.kind.upper()
    for table in tree.args["tables"] or ():
        if kind == "INDEX":
            flag = "concurrently" if tree.args.get("concurrently") else ""
            yield Said(Kind.DROP_INDEX, "", (_name(table.this), flag))
        elif kind in ("TABLE", "VIEW"):
            yield Said(Kind.DROP_TABLE if kind == "TABLE" else Kind.DROP_VIEW, _table(table))
        elif kind == "TYPE":
            yield Said(Kind.DROP_TYPE, "", (_table(table),))
        else:
            yield Said(Kind.OTHER, "")


def _alter(tree: Any) -> Iterator[Said]:
    table = _table(tree.this)
    for action in tree.args["actions"]:
        if tree.kind == "INDEX" and isinstance(action, exp.AlterRename):
            yield Said(Kind.RENAME_INDEX, table, (_name(action.this.this),))
        elif tree.kind not in ("TABLE", "VIEW"):
            raise Unsaid
        else:
            yield from _action(table, action)


def _action(table: str, action: Any) -> Iterator[Said]:
    if isinstance(action, exp.ColumnDef):
        yield Said(Kind.ADD_COLUMN, table, (_name(action.this),))
    elif isinstance(action, exp.Drop):
        kind = Kind.DROP_COLUMN if action.kind == "COLUMN" else Kind.DROP_CONSTRAINT
        for each in action.args["tables"]:
            yield Said(kind, table, (_name(each.this),))
    elif isinstance(action, exp.AlterRename):
        yield Said(Kind.RENAME_TABLE, table, (_name(action.this.this),))
    elif isinstance(action, exp.RenameColumn):
        yield Said(Kind.RENAME_COLUMN, table, (_name(action.this.this), _name(action.args["to"].this)))
    elif isinstance(action, exp.AlterColumn):
        yield Said(_altered(action.args), table, (_name(action.this),))
    elif isinstance(action, exp.AddConstraint):
        for each in action.expressions:
            yield Said(Kind.ADD_CONSTRAINT, table, _constraint(each))
    else:
        raise Unsaid


def _altered(given: dict[str, Any]) -> Kind:
    if given.get("dtype"):
        return Kind.ALTER_TYPE
    if given.get("allow_null") is not None:
        return Kind.DROP_NOT_NULL if given["allow_null"] else Kind.SET_NOT_NULL
    if given.get("default"):
        return Kind.SET_DEFAULT
    if given.get("drop"):
        return Kind.DROP_DEFAULT
    raise Unsaid


_CONSTRAINTS = {
    exp.CheckColumnConstraint: "check",
    exp.ForeignKey: "foreign key",
    exp.UniqueColumnConstraint: "unique",
    exp.PrimaryKey: "primary key",
}


def _constraint(node: Any) -> tuple[str, str]:
    name = ""
    if isinstance(node, exp.Constraint):
        name, node = _name(node.this), node.expressions[0]
    if type(node) not in _CONSTRAINTS:
        raise Unsaid
    return name, _CONSTRAINTS[type(node)]


def _comment(tree: Any) -> Iterator[Said]:
    text = tree.expression.this if isinstance(tree.expression, (exp.Literal, exp.RawString)) else ""
    if tree.args["kind"] == "COLUMN":
        column = tree.this
        table = Relation(_name(column.args.get("db")), _name(column.args["table"]))
        yield Said(Kind.COMMENT_COLUMN, str(table), (_name(column.this), text))
    elif tree.args["kind"] == "TABLE":
        yield Said(Kind.COMMENT_TABLE, _table(tree.this))
    else:
        yield Said(Kind.OTHER, "")


def _select(tree: Any) -> Iterator[Said]:
    into = tree.args.get("into")
    yield Said(Kind.CREATE_TABLE, _table(into.this)) if into else Said(Kind.SELECT, "")


_READERS: dict[Any, Any] = {
    exp.Create: _create,
    exp.Drop: _drop,
    exp.Alter: _alter,
    exp.Comment: _comment,
    exp.TruncateTable: lambda tree: [Said(Kind.TRUNCATE, _table(each)) for each in tree.expressions],
    exp.Insert: lambda tree: [Said(Kind.INSERT, _table(tree.this))],
    exp.Update: lambda tree: [Said(Kind.UPDATE, _table(tree.this))],
    exp.Delete: lambda tree: [Said(Kind.DELETE, _table(tree.this))],
    exp.Merge: lambda tree: [Said(Kind.UPDATE, _table(tree.this))],
    exp.Select: _select,
    exp.Values: lambda tree: [Said(Kind.SELECT, "")],
    exp.Set: lambda tree: [Said(Kind.SET, "")],
    exp.Transaction: lambda tree: [Said(Kind.BEGIN, "")],
    exp.Commit: lambda tree: [Said(Kind.COMMIT, "")],
    exp.Rollback: lambda tree: [Said(Kind.ROLLBACK, "")],
    exp.Analyze: lambda tree: [Said(Kind.OTHER, "")],
    exp.Grant: lambda tree: [Said(Kind.OTHER, "")],
}


def _compared() -> dict[str, list[Said]]:
    found = {}
    for sql in STATEMENTS:
        try:
            found[sql] = theirs(sql)
        except Unsaid:
            continue
    return found


COMPARED = _compared()


@pytest.mark.parametrize("sql", STATEMENTS)
def test_we_read_every_statement(sql: str) -> None:
    found = list(read(sql))
    assert found and all(isinstance(each, Operation) for each in found)


@pytest.mark.parametrize("sql", COMPARED)
def test_sqlglot_agrees(sql: str) -> None:
    assert (ours(sql) == COMPARED[sql]) is (sql not in DIFFERS), (ours(sql), COMPARED[sql])


def test_the_corpus_is_compared() -> None:
    """A sqlglot that answered Command to everything would make every comparison pass."""
    assert len(set(STATEMENTS)) == len(STATEMENTS)
    assert len(COMPARED) >= 120

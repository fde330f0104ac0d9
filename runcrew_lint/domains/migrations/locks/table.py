"""The lock table: what each form of statement locks, rewrites and scans, by PostgreSQL major.

Measured on servers of 10 to 18 by reading pg_locks before the statement's transaction ended
(tests/migrations/lock_truth.json.gz), and otherwise after the manual's pages of the commands. A form is
as fine as the lock is: the predictor finds the forms of a statement, this table says what they do.
"""

from __future__ import annotations

from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.rows import ALWAYS, Grade, Majors, Role, row, until

AS, RS, RX, SUX, S, SRX, X, AX = LockMode
ON, CHILD, OTHER, DEFAULT, INDEX, WITH = Role
_UNTIL_10, _UNTIL_11 = Majors(last=10), Majors(last=11)
_ROWS = {ON, CHILD}

_COLUMNS = (
    row("add column", "ALTER TABLE t ADD COLUMN c int", both=AX),
    row(
        "add column: one value for all rows",
        "ADD COLUMN c int DEFAULT 7",
        rewrites=_ROWS,
        rewriting=_UNTIL_10,
    ),
    row(
        "add column: a value for each row",
        "ADD COLUMN c uuid DEFAULT gen_random_uuid(), serial, identity, STORED, a domain with a CHECK",
        rewrites=_ROWS,
    ),
    row("depend on sequence", "SET DEFAULT nextval('s')", other=until(None, 18, AS)),
    row("take numbers", "DEFAULT nextval('s') for rows that are there; setval('s', 1)", other=RX),
    row("drop column", "DROP COLUMN c", both=AX, index=AX, along=AX),
    row("rename column", "RENAME COLUMN c TO d", both=AX),
    row("set default", "ALTER COLUMN c SET DEFAULT 1", both=AX),
    row("drop default", "ALTER COLUMN c DROP DEFAULT", both=AX),
    row("set not null", "ALTER COLUMN c SET NOT NULL", both=AX),
    row("set not null: there", "of a column that is NOT NULL already", on=AX, child=until(AX, 12, None)),
    row("set not null: there, heirs", "the same of a table with heirs", on=AX, child=until(AX, 18, None)),
    row("set not null: unproven", "no validated CHECK (c IS NOT NULL), or before 12", scans=_ROWS),
    row("drop not null", "ALTER COLUMN c DROP NOT NULL", both=AX),
    row("drop not null: absent", "of a column that may be NULL already", on=AX, child=until(AX, 18, None)),
    row("set identity", "ALTER COLUMN c ADD GENERATED ... AS IDENTITY", both=AX, along=SRX),
    row("drop identity", "ALTER COLUMN c DROP IDENTITY", both=AX, along=AX),
    row("drop expression", "ALTER COLUMN c DROP EXPRESSION", both=AX),
    row("set expression", "ALTER COLUMN c SET EXPRESSION AS (...)", both=AX, rewrites=_ROWS),
    row("set expression: virtual", "the same of a VIRTUAL column", both=AX),
    row("set statistics", "ALTER COLUMN c SET STATISTICS 500", on=SUX, child=SUX),
    row("set column options", "ALTER COLUMN c SET (n_distinct = 100)", on=SUX),
    row("set storage", "ALTER COLUMN c SET STORAGE EXTERNAL", both=AX),
    row("set compression", "ALTER COLUMN c SET COMPRESSION pglz", on=AX),
    row("alter type", "ALTER COLUMN c TYPE varchar(20), from varchar(10)", both=AX),
    row("alter type: computed", "ALTER COLUMN c TYPE bigint, from int", rewrites=_ROWS),
    row("alter type: identity", "of an identity column: its sequence follows", along=SRX),
    row("alter type: index kept", "an index on the column, same operators", index=AX),
    row(
        "alter type: index rebuilt",
        "an index with an expression or predicate, or other operators",
        index=AX,
        scans={ON},
        rebuilds={INDEX},
    ),
    row("alter type: check remade", "a valid CHECK that names the column", scans={ON}),
    row("alter type: foreign key remade", "a foreign key from or to the column", other=AX),
    row("alter type: foreign key checked", "the same, with other operators", scans={ON, OTHER}),
)

_CONSTRAINTS = (
    row("add check", "ADD CHECK (...) NOT VALID", both=AX),
    row("add check: no inherit", "ADD CHECK (...) NO INHERIT", on=AX, child=until(None, 18, AX)),
    row("add check: checked", "ADD CHECK (...)", scans=_ROWS),
    row(
        "add key",
        "ADD PRIMARY KEY (...), UNIQUE (...), EXCLUDE ...",
        on=AX,
        child=until(S, 18, AX),
        scans=_ROWS,
    ),
    row("add key: heirs", "the same of a table that others inherit", child=until(None, 18, AX)),
    row("add key: using index", "ADD UNIQUE USING INDEX i", on=AX, index=until(AX, 12, SUX)),
    row("add foreign key", "ADD FOREIGN KEY (...) REFERENCES r NOT VALID", on=SRX, child=SRX, other=SRX),
    row("add foreign key: heirs", "the same of a table that others inherit", child=until(None, 18, SRX)),
    row("add foreign key: checked", "ADD FOREIGN KEY (...) REFERENCES r", scans={ON, CHILD, OTHER}),
    row("validate check", "VALIDATE CONSTRAINT k", on=SUX, child=SUX),
    row("validate check: checked", "one that is not valid yet", scans=_ROWS),
    row("validate foreign key", "VALIDATE CONSTRAINT fk", on=SUX, child=SUX, other=RS),
    row("validate foreign key: checked", "one that is not valid yet", scans={ON, CHILD, OTHER}),
    row("drop constraint", "DROP CONSTRAINT k", both=AX),
    row("drop key", "DROP CONSTRAINT of a key", child=AX, index=AX),
    row("drop foreign key", "DROP CONSTRAINT fk, and whatever else drops it", on=AX, child=AX, other=AX),
    row(
        "drop foreign key: partitioned",
        "a partitioned table that a dropped table or column references",
        on=AX,
        other=until(None, 15, AX),
    ),
    row("alter constraint", "ALTER CONSTRAINT fk DEFERRABLE", both=AX),
    row("alter constraint: enforced", "ALTER CONSTRAINT fk NOT ENFORCED", both=AX, other=AX),
    row("rename constraint", "RENAME CONSTRAINT k TO l", both=AX, index=until(AX, 12, SUX)),
)

_INDEXES = (
    row("create index", "CREATE INDEX, also IF NOT EXISTS where it exists", on=S, child=S),
    row("create index: built", "CREATE INDEX", scans=_ROWS),
    row("create index concurrently", "CREATE INDEX CONCURRENTLY", on=SUX, child=SUX, autocommit=ALWAYS),
    row("drop index", "DROP INDEX i", on=AX, child=AX, index=AX),
    row(
        "drop index concurrently",
        "DROP INDEX CONCURRENTLY i",
        on=SUX,
        child=SUX,
        index=until(SUX, 17, AX),
        autocommit=ALWAYS,
    ),
    row("reindex", "REINDEX TABLE t, INDEX i", on=S, index=AX, rebuilds={INDEX}),
    row("reindex: read", "a table that has indexes", scans=_ROWS),
    row(
        "reindex all",
        "REINDEX SCHEMA, DATABASE, SYSTEM",
        on=S,
        index=AX,
        rebuilds={INDEX},
        autocommit=ALWAYS,
    ),
    row(
        "reindex partitioned",
        "REINDEX of a partitioned table or index",
        on=S,
        child=S,
        index=AX,
        rebuilds={INDEX},
        autocommit=Majors(14),
    ),
    row("reindex partitioned: nothing", "the same before 14", on=S),
    row(
        "reindex concurrently",
        "REINDEX TABLE CONCURRENTLY t",
        on=SUX,
        child=SUX,
        index=AX,
        rebuilds={INDEX},
        autocommit=ALWAYS,
    ),
    row("rename index", "ALTER INDEX i RENAME TO j", index=until(AX, 12, SUX)),
    row("rename index as a table", "ALTER TABLE i RENAME TO j", index=AX),
    row("set index tablespace", "ALTER INDEX i SET TABLESPACE s", index=AX),
    row(
        "set index tablespace: moved", "the same, to another than the database's", index=AX, rebuilds={INDEX}
    ),
    row("set index options", "ALTER INDEX i SET (fillfactor = 80)", index=SUX),
    row("set index options: strong", "fastupdate, buffering, pages_per_range ...", index=AX),
    row("set index statistics", "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 500", index=SUX),
    row(
        "attach index",
        "ALTER INDEX i ATTACH PARTITION j",
        on=AS,
        other=AS,
        index=until(AX, 12, SUX),
        along=AX,
    ),
    row("create statistics", "CREATE STATISTICS s ON a, b FROM t", on=SUX),
)

_TABLES = (
    row("create table: reference", "CREATE TABLE n (... REFERENCES r)", other=SRX),
    row("create table: like", "CREATE TABLE n (LIKE t)", other=AS),
    row("create table: filled", "CREATE TABLE n AS SELECT ... FROM t", other=AS, scans={OTHER}),
    row("create table: heir", "CREATE TABLE n () INHERITS (t)", other=SUX),
    row("create table: partition", "CREATE TABLE n PARTITION OF t", other=AX, default=AX, scans={DEFAULT}),
    row("drop table", "DROP TABLE t", both=AX, index=AX, along=AX),
    row("drop partition", "DROP TABLE of a partition", other=AX, default=AX),
    row("truncate", "TRUNCATE t", both=AX, along=AX, empties=_ROWS),
    row("rename table", "RENAME TO u", on=AX),
    row("set schema", "SET SCHEMA s", on=AX, along=AX),
    row("set owner", "OWNER TO r", both=AX, index=AX, along=AX),
    row("set tablespace", "SET TABLESPACE s, the one it is in", on=AX),
    row("set tablespace: moved", "SET TABLESPACE s, another", on=AX, moves={ON}),
    row(
        "set persistence",
        "SET LOGGED, SET UNLOGGED",
        on=AX,
        other=AS,
        along=until(None, 15, AX),
        rewrites={ON},
    ),
    row("set persistence: same", "SET LOGGED of a logged table", on=AX),
    row("set access method", "SET ACCESS METHOD heap, the one it has", on=AX),
    row("set access method: other", "SET ACCESS METHOD of another", on=AX, rewrites={ON}),
    row("set table options", "SET (fillfactor = 80), autovacuum_*", on=SUX),
    row("set table options: strong", "SET (user_catalog_table = true)", on=AX),
    row("cluster on", "CLUSTER ON i, SET WITHOUT CLUSTER", on=SUX, index=SUX),
    row("set without oids", "SET WITHOUT OIDS", on=AX),
    row("replica identity", "REPLICA IDENTITY FULL", on=AX, index=S),
    row("alter table", "any other action", both=AX),
    row("row security", "ENABLE ROW LEVEL SECURITY", on=AX),
    row("policy", "CREATE, ALTER, DROP POLICY p ON t", on=AX),
    row("create trigger", "CREATE TRIGGER", on=SRX, child=SRX),
    row("drop trigger", "DROP TRIGGER", both=AX),
    row("rename trigger", "ALTER TRIGGER g ON t RENAME TO h", both=AX),
    row("switch trigger", "DISABLE TRIGGER g", on=SRX, child=SRX),
    row("switch rule", "DISABLE RULE r", on=AX),
    row("rule", "CREATE RULE, DROP RULE", on=AX),
    row("grant", "GRANT, REVOKE on a table", on=(Grade(18, AS),)),
    row("comment", "COMMENT ON TABLE, COLUMN, VIEW", on=SUX),
    row("comment on constraint", "COMMENT ON CONSTRAINT, TRIGGER, POLICY, RULE", on=AS),
    row("comment on index", "COMMENT ON INDEX", index=SUX),
    row("publish", "CREATE PUBLICATION p FOR TABLE t", on=SUX),
)

_PARTITIONS = (
    row("attach partition", "ATTACH PARTITION p", on=until(AX, 12, SUX), other=AX, default=AX),
    row("attach partition: checked", "no CHECK on p implies the bound", scans={OTHER}),
    row("attach partition: default checked", "the table has a default partition", scans={DEFAULT}),
    row("attach partition: index built", "p lacks an index that the table has", scans={OTHER}),
    row("detach partition", "DETACH PARTITION p", on=AX, other=until(SUX, 14, AX), default=AX),
    row("detach partition: reference", "the table has a foreign key", other=SRX),
    row(
        "detach partition concurrently",
        "DETACH PARTITION p CONCURRENTLY",
        on=SUX,
        other=AX,
        autocommit=ALWAYS,
    ),
    row("inherit", "INHERIT p", on=AX, other=SUX),
    row("no inherit", "NO INHERIT p", on=AX, other=AS),
)

_OBJECTS = (
    row("create view", "CREATE VIEW v AS SELECT ... FROM t", other=AS),
    row("replace view", "CREATE OR REPLACE VIEW v", on=AX, other=AS),
    row("create view: filled", "CREATE MATERIALIZED VIEW m AS SELECT ... FROM t", other=AS, scans={OTHER}),
    row("drop view", "DROP VIEW v", on=AX, index=AX, along=AX),
    row("alter view", "ALTER VIEW v ...", on=AX),
    row("refresh", "REFRESH MATERIALIZED VIEW m", on=AX, other=AS, empties={ON}, scans={OTHER}),
    row("refresh: indexed", "the same of a view that has an index", scans={ON}),
    row(
        "refresh concurrently", "REFRESH MATERIALIZED VIEW CONCURRENTLY m", on=X, other=AS, scans={ON, OTHER}
    ),
    row("alter sequence", "ALTER SEQUENCE s", on=SRX),
    row("alter sequence: owned", "ALTER SEQUENCE s OWNED BY t.c", other=AS),
    row("rename sequence", "ALTER SEQUENCE s RENAME TO, SET SCHEMA, OWNER TO", on=AX),
    row("drop sequence", "DROP SEQUENCE s", on=AX),
    row("drop sequence: defaults", "DROP SEQUENCE s CASCADE, where defaults count on it", other=AX),
    row("add enum value", "ALTER TYPE e ADD VALUE 'x'", autocommit=_UNTIL_11),
    row("drop type", "DROP TYPE e CASCADE", other=AX),
    row("alter composite", "ALTER TYPE c ADD ATTRIBUTE a int", on=AX),
    row("constrain domain", "ALTER DOMAIN d ADD CHECK (...), VALIDATE, SET NOT NULL", other=S, scans={OTHER}),
    row("drop function", "DROP FUNCTION f CASCADE, of a trigger", other=AX),
    row("do: commit", "a DO block that ends transactions itself", autocommit=Majors(11)),
    row("outside of transactions", "CREATE DATABASE, ALTER SYSTEM, DROP TABLESPACE ...", autocommit=ALWAYS),
)

_DATA = (
    row("select", "SELECT", other=AS),
    row("select for update", "SELECT ... FOR UPDATE, SHARE", on=RS),
    row("write", "INSERT, UPDATE, DELETE, COPY FROM", on=RX, child=RX),
    row("read rows", "a query with no index to use", scans={ON, CHILD, OTHER}),
    row("write: key looked up", "INSERT into a table with a foreign key", other=RS),
    row("write: references looked up", "DELETE from a table that others reference", other=RS),
    row("lock: access share", "LOCK TABLE t IN ACCESS SHARE MODE", on=AS, child=AS),
    row("lock: row share", "", on=RS, child=RS),
    row("lock: row exclusive", "", on=RX, child=RX),
    row("lock: share update exclusive", "", on=SUX, child=SUX),
    row("lock: share", "", on=S, child=S),
    row("lock: share row exclusive", "", on=SRX, child=SRX),
    row("lock: exclusive", "", on=X, child=X),
    row("lock: access exclusive", "LOCK TABLE t", on=AX, child=AX),
    row("analyze", "ANALYZE t", on=SUX, child=SUX),
    row("analyze: heirs", "the same of a table that others inherit", child=until(AS, 18, SUX)),
    row("vacuum", "VACUUM t", on=SUX, index=RX, autocommit=ALWAYS),
    row("vacuum full", "VACUUM FULL t", on=AX, rewrites={ON}, autocommit=ALWAYS),
    row("cluster", "CLUSTER t USING i", on=AX, rewrites={ON}),
    row("cluster all", "CLUSTER", autocommit=ALWAYS),
)

# The table by what it is about, and by form.
SECTIONS = {
    "Columns": _COLUMNS,
    "Constraints": _CONSTRAINTS,
    "Indexes": _INDEXES,
    "Tables": _TABLES,
    "Partitions": _PARTITIONS,
    "Views, sequences, types": _OBJECTS,
    "Rows": _DATA,
}
TABLE = {each.form: each for rows in SECTIONS.values() for each in rows}

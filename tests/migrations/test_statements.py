"""What of SQL is read, statement by statement."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

import pytest

from runcrew_lint.documents.sql import tokens
from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.domains.migrations.statements import read
from runcrew_lint.model.errors import Unreadable
from tests.migrations.reading import said

CASES = {
    "CREATE INDEX ix ON runs (a)": ["create index runs =ix (a)"],
    'create unique index concurrently if not exists "IX" on only log."Runs" using gin (lower(a) DESC, "B" text_ops) include (c) with (fillfactor=70) where a > 1': [
        "create index log.Runs =IX {fillfactor=70} (unique lower(a),B) where a > 1 +concurrently +if_exists"
    ],
    "CREATE INDEX ON runs ((a ->> 'x'))": ["create index runs ((a ->> 'x'))"],
    "DROP INDEX CONCURRENTLY IF EXISTS log.ix, ix2 CASCADE": [
        "drop index log. =ix +concurrently +if_exists +cascade",
        "drop index =ix2 +concurrently +if_exists +cascade",
    ],
    "ALTER TABLE IF EXISTS ONLY runs * ADD COLUMN IF NOT EXISTS a varchar(20)[] NOT NULL DEFAULT '{}'::text[] CONSTRAINT u UNIQUE, DROP b CASCADE, ADD c timestamptz(3)": [
        "add column runs a:character varying(20)[]!='{}'::text[]+unique unique(a) +if_exists +only",
        "drop column runs b +if_exists +cascade +only",
        "add column runs c:timestamp(3) with time zone +if_exists +only",
    ],
    "ALTER TABLE runs ADD a numeric(10, 2) DEFAULT round(1.5, 2) CHECK (a > 0) REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED": [
        "add column runs a:numeric(10,2)=round(1.5, 2) check((a > 0)) foreign key(a)->users(id)"
    ],
    "ALTER TABLE runs ADD a bigserial PRIMARY KEY, ADD b int GENERATED ALWAYS AS IDENTITY (START 5), ADD c int GENERATED ALWAYS AS (a * 2) STORED": [
        "add column runs a:bigint!+serial+primary_key primary key(a)",
        "add column runs b:integer!+identity",
        "add column runs c:integer+generated((a * 2))",
    ],
    'ALTER TABLE runs ADD a double precision COLLATE "C" NULL, ADD b text DEFAULT NULL NOT NULL': [
        "add column runs a:double precision+collate(C)",
        "add column runs b:text!=NULL",
    ],
    "ALTER TABLE runs ALTER a TYPE bigint USING a::bigint, ALTER COLUMN b SET DATA TYPE timestamp(3) with time zone, ALTER c SET NOT NULL, ALTER d DROP NOT NULL, ALTER e SET DEFAULT now(), ALTER f DROP DEFAULT, ALTER g SET STATISTICS 5": [
        "alter column type runs a:bigint ~a::bigint",
        "alter column type runs b:timestamp(3) with time zone",
        "set not null runs c!",
        "drop not null runs d",
        "set default runs e=now()",
        "drop default runs f",
        "alter table runs <set statistics> g {statistics=5}",
    ],
    "ALTER TABLE s.runs RENAME TO walks; ALTER TABLE walks RENAME a TO b; ALTER TABLE walks RENAME COLUMN c TO d; ALTER TABLE walks RENAME CONSTRAINT x TO y; ALTER TABLE walks SET SCHEMA t": [
        "rename table s.runs ->s.walks",
        "rename column walks =b a",
        "rename column walks =d c",
        "rename constraint walks =x ->y",
        "set schema walks ->t.walks",
    ],
    "ALTER TABLE runs ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES log.users (c, d) ON DELETE CASCADE NOT VALID, ADD CHECK (a > 0) NOT VALID, ADD CONSTRAINT pk PRIMARY KEY USING INDEX ix, ADD UNIQUE NULLS NOT DISTINCT (a)": [
        "add constraint runs =fk foreign key(a,b)->log.users(c,d) not valid",
        "add constraint runs check((a > 0)) not valid",
        "add constraint runs =pk primary key()",
        "add constraint runs unique(a)",
    ],
    "ALTER TABLE runs VALIDATE CONSTRAINT fk, DROP CONSTRAINT IF EXISTS ck CASCADE, ENABLE ROW LEVEL SECURITY, OWNER TO admin": [
        "validate constraint runs =fk",
        "drop constraint runs =ck +if_exists +cascade",
        "alter table runs <enable row level security>",
        "alter table runs =admin <owner to>",
    ],
    "ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (2)": [
        "attach partition p <-c ~FOR VALUES FROM (1) TO (2)"
    ],
    "CREATE TABLE IF NOT EXISTS a.runs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), at timestamp with time zone, CONSTRAINT k UNIQUE (at), LIKE other INCLUDING ALL) PARTITION BY RANGE (at)": [
        "create table a.runs like other all id:uuid!=gen_random_uuid()+primary_key at:timestamp with time zone {partition by=RANGE (at)} primary key(id) unique(at) +if_exists +partitioned"
    ],
    "CREATE TEMP TABLE t AS SELECT 1": ["create table t <as> +temporary"],
    "CREATE TABLE c PARTITION OF p DEFAULT": ["create table c <partition of> <-p"],
    "SELECT a INTO new FROM old": ["create table new <as> <-old"],
    "DROP TABLE IF EXISTS a, b CASCADE": [
        "drop table a +if_exists +cascade",
        "drop table b +if_exists +cascade",
    ],
    "COMMENT ON COLUMN s.runs.a IS 'it''s'": ["comment on column s.runs a#it's"],
    "COMMENT ON COLUMN runs.a IS E'a\\'b'\n  ' c'": ["comment on column runs a#a'b c"],
    "COMMENT ON COLUMN runs.a IS NULL": ["comment on column runs a"],
    "COMMENT ON TABLE runs IS 'x'; COMMENT ON INDEX ix IS 'y'": [
        "comment on table runs #x",
        "other =ix <comment on index>",
    ],
    "CREATE OR REPLACE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; DROP MATERIALIZED VIEW m": [
        "create view v ~SELECT 1 +replaces",
        "create view m ~SELECT 1 +materialized",
        "drop view m +materialized",
    ],
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b' AFTER 'a'; DROP TYPE mood; ALTER TYPE mood RENAME TO x": [
        "create type =mood <enum> [a]",
        "alter enum =mood <add value> [b] {after=a}",
        "drop type =mood",
        "alter type =mood <rename to> ->x",
    ],
    "ALTER INDEX s.a RENAME TO b; ALTER INDEX a SET (fillfactor = 70)": [
        "rename index s. =a ->s.b",
        "other =a <alter index set> {fillfactor=70}",
    ],
    "TRUNCATE TABLE ONLY a, s.b CASCADE": ["truncate a +cascade +only", "truncate s.b +cascade +only"],
    "BEGIN; SET LOCAL lock_timeout = '5s'; COMMIT; ROLLBACK TO SAVEPOINT x": [
        "begin",
        "set =lock_timeout {lock_timeout=5s} +local",
        "commit",
        "other <rollback to savepoint>",
    ],
    "-- a comment; with a semicolon\n/* and /* a nested */ one; */ DROP TABLE a -- and\n;;": ["drop table a"],
    "CREATE FUNCTION f() RETURNS int AS $f$ BEGIN DROP TABLE a; END $f$ LANGUAGE plpgsql; GRANT ALL ON a TO b; VACUUM a; CREATE EXTENSION postgis": [
        "create function =f <function> {returns=int, language=plpgsql}",
        "other a <grant>",
        "vacuum a",
        "create extension =postgis",
    ],
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE runs ADD COLUMN a int; ELSE DROP TABLE b; END IF; PERFORM f(); EXCEPTION WHEN duplicate_object THEN NULL; END $$": [
        "add column runs a:integer if no error is caught if IF NOT EXISTS (SELECT 1)",
        "drop table b if no error is caught if ELSE",
    ],
    "DO $$ BEGIN EXECUTE format('DROP TABLE %I', x); EXECUTE format('DROP TABLE %I %I', 'a'); EXECUTE format('%x', 'a'); EXECUTE 'a' || x; EXECUTE; EXECUTE format(; EXECUTE 'DROP TABLE a' 'b'; END $$": [
        *["? the statement: the DO block puts it together for EXECUTE"] * 7
    ],
    "DO $$ DECLARE t CONSTANT text := 'Runs'; c name DEFAULT 'a'; d text = 'b'::text; BEGIN EXECUTE format('ALTER TABLE %I DROP %I', t, c); EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' DROP ' || d; END $$": [
        "drop column Runs a",
        "drop column Runs b",
    ],
    # One that the block sets, or an inner one hides, is not known; CONSTANT is nobody's to set.
    "DO $$ DECLARE a text := 'x'; b text := 'x'; c text := 'x'; d text := 'x'; e CONSTANT text := 'x'; f text; BEGIN a := 'y'; SELECT 1, 'y' INTO n, b; FOR c IN SELECT 1 LOOP NULL; END LOOP; GET DIAGNOSTICS d = ROW_COUNT; EXECUTE 'DROP TABLE ' || a; EXECUTE 'DROP TABLE ' || b; EXECUTE 'DROP TABLE ' || c; EXECUTE 'DROP TABLE ' || d; IF x AND e = 'x' THEN NULL; END IF; EXECUTE 'DROP TABLE ' || e; EXECUTE 'DROP TABLE ' || f; END $$": [
        "select",
        *["? the statement: the DO block puts it together for EXECUTE"] * 4,
        "drop table x",
        "? the statement: the DO block puts it together for EXECUTE",
    ],
    "DO $$ DECLARE a text := 'x'; BEGIN DECLARE a text := 'y'; BEGIN EXECUTE 'DROP TABLE ' || a; END; END $$": [
        "? the statement: the DO block puts it together for EXECUTE"
    ],
    "DO $$ DECLARE t text; u text; all_of text[] := ARRAY['a', 'b']::text[]; more text[] := '{c, d}'; BEGIN FOREACH t IN ARRAY all_of LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; FOREACH t IN ARRAY more LOOP EXECUTE format('DROP VIEW %I', t); END LOOP; FOREACH t IN ARRAY ARRAY['e'] LOOP FOR u IN SELECT unnest(ARRAY['f', 'g']) LOOP EXECUTE format('ALTER TABLE %I DROP %I', t, u); END LOOP; END LOOP; EXECUTE 'DROP TABLE ' || t; END $$": [
        "drop table a +repeats",
        "drop table b +repeats",
        "drop view c +repeats",
        "drop view d +repeats",
        "drop column e f +repeats",
        "drop column e g +repeats",
        "? the statement: the DO block puts it together for EXECUTE",
    ],
    "DO $$ DECLARE t text; n text[] := ARRAY['a', x]; m text[] := ARRAY['a']; BEGIN m := other(); FOREACH t IN ARRAY n LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; FOREACH t IN ARRAY m LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END $$": [
        "? the statement: the DO block puts it together for EXECUTE",
        "? the statement: the DO block puts it together for EXECUTE",
    ],
    "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a'] LOOP t := t || x; EXECUTE 'DROP TABLE ' || t; END LOOP; END $$": [
        "? the statement: the DO block puts it together for EXECUTE"
    ],
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD %s int DEFAULT %L', 'Runs', 'a', 'it''s'); EXECUTE format('DROP TABLE %2$I, %1$I', 'a', 'b') USING 1; END $$": [
        "add column Runs a:integer='it''s'",
        "drop table b",
        "drop table a",
    ],
    "DO $$ BEGIN EXECUTE 'ALTER TABLE a ' || 'DROP COLUMN b' INTO n; EXECUTE format('COMMENT ON TABLE a IS ''100%%'''); EXECUTE 'DROP TABLE ' || format('%I', 'c d'); END $$": [
        "drop column a b",
        "comment on table a #100%",
        "drop table c d",
    ],
    "DO $$ BEGIN PERFORM 1; END $$": ["other <do>"],
    "DO $$ BEGIN RAISE NOTICE 'a'; RAISE EXCEPTION 'b'; RAISE; raise 'c'; END $$": ["other <raise>"] * 3,
    "UPDATE ONLY s.runs SET a = 1 WHERE b": ["update s.runs a +only"],
    "UPDATE runs SET a = ';'": ["update runs a [;] +whole"],
    'DELETE FROM "Runs"; DELETE FROM b WHERE c': ["delete Runs +whole", "delete b"],
    "INSERT INTO runs (a) SELECT 1": ["insert runs a"],
    "WITH x AS (SELECT 1) DELETE FROM runs": ["delete runs +whole"],
    "WITH RECURSIVE x (a) AS NOT MATERIALIZED (DELETE FROM runs WHERE a RETURNING *), y AS (SELECT 1) INSERT INTO s.b SELECT * FROM x": [
        "delete runs",
        "insert s.b",
    ],
    "WITH x AS (SELECT 'update') SELECT 1": ["select"],
    "WITH x AS (UPDATE runs SET a = 1 RETURNING a) SELECT * FROM x; DROP TABLE a": [
        "update runs a +whole",
        "select",
        "drop table a",
    ],
    'REINDEX TABLE CONCURRENTLY runs; REINDEX (CONCURRENTLY, VERBOSE) INDEX ix; REINDEX TABLE "concurrently"': [
        "reindex runs <table> +concurrently",
        "reindex =ix <index> {concurrently=, verbose=} +concurrently",
        "reindex concurrently <table>",
    ],
    "ALTER TABLE runs DETACH PARTITION s.runs_1 CONCURRENTLY; ALTER TABLE runs DETACH PARTITION runs_1; ALTER TABLE runs DETACH PARTITION runs_1 FINALIZE": [
        "detach partition runs <-s.runs_1 +concurrently",
        "detach partition runs <-runs_1",
        "detach partition runs <finalize> <-runs_1",
    ],
    "SELECT ':x' FROM runs WHERE a = :b AND c = %(d)s": ["select <-runs [:x]"],
    "ALTER TABLE \ue000 ADD a int": ["? the table: its name is put together when the revision runs"],
    "ALTER TABLE runs ADD \ue000 int": ["? the column: its name is put together when the revision runs"],
    "ALTER TABLE runs \ue000": ["? the change: the action of ALTER TABLE is not known"],
    "ALTER TABLE runs ADD a \ue000 DEFAULT '\ue000'": ["add column runs a='\ue000'?type"],
    "COMMENT ON COLUMN runs.a IS 'deprecated: \ue000'": ["comment on column runs a?comment"],
    "\ue000": ["? the statement: it begins with a part that is not known"],
    "ALTER TABLE runs DROP COLUMN a DROP COLUMN b": [
        "drop column runs a",
        "? the rest of the statement: 'drop' can't follow an action",
    ],
    "DO $$ DECLARE n int; BEGIN FOR n IN SELECT 1 FROM crews LOOP UPDATE runs SET a = n; END LOOP; EXECUTE 'DROP TABLE a'; IF n > 1 THEN LOCK b; ELSIF x THEN NULL; ELSE EXECUTE 'x' || n; END IF; COMMIT; SELECT 1 INTO n FROM c; END $$": [
        "update runs a +whole +repeats if FOR n IN SELECT 1 FROM crews",
        "drop table a",
        "lock table b <access exclusive> if IF n > 1",
        "? the statement: the DO block puts it together for EXECUTE",
        "other <do> {commit=}",
        "select <-c",
    ],
    "DO LANGUAGE plpython3u $$ drop $$": ["? the DO block: it is written in plpython3u"],
    "SELECT set_config('search_path', 'log', true)": ["set =search_path {search_path=log} +local"],
    "SELECT setval('log.s', 5)": ["select [log.s] {setval=log.s}"],
    "CREATE SCHEMA log CREATE TABLE t (a int) CREATE VIEW v AS SELECT * FROM t": [
        "create schema =log",
        "create table log.t a:integer",
        "create view log.v <-t ~SELECT * FROM t",
    ],
    "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)": [
        "create table t a:integer {partition by=LIST (a)} +partitioned",
        "create table t1 <partition of> <-t",
    ],
    "\\i x.sql\n\\set a 1\nSELECT 1 \\gexec": [
        "? the statements: psql reads them from another file",
        "other <\\set>",
        "select",
        "? the statements: psql takes them from the rows of a query",
    ],
    "COPY runs FROM stdin;\n1\tit's\n\\.\nDROP TABLE a": ["insert runs <copy>", "drop table a"],
    "DROP TABLE b;\nCOPY runs FROM stdin;\n1\tit's\n\\.\nDROP TABLE a": [
        "drop table b",
        "insert runs <copy>",
        "drop table a",
    ],
    "DROP TABLE b;\nCOPY runs (a) FROM stdin;\n1\tit's\n\\.\nDROP TABLE a": [
        "drop table b",
        "insert runs <copy>",
        "drop table a",
    ],
    "IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z": [
        "? the tables: IMPORT FOREIGN SCHEMA takes them from another server"
    ],
    "PRAGMA x": ["? the statement: it begins with 'pragma'"],
    "CREATE WIDGET x": ["? the statement: CREATE is followed by 'widget'"],
    "CALL f()": ["? the statement: it begins with 'call'"],
    "DROP TABLE 'a": ["? the SQL: not valid SQL: a quote is left open"],
    "/* DROP TABLE a": ["? the SQL: not valid SQL: a comment is left open"],
    "DROP TABLE": ["? the table: the SQL names none that can be read"],
    'ALTER TABLE "{{ index .O "N" }}".users DROP a': ['drop column {{ index .O "N" }}.users a'],
    "create index {{ if .X }}concurrently{{end}} ix on a (b)": [
        "? the statement: a template decides what it says"
    ],
    "DROP INDEX {{- range .X }}a{{ end }}": ["? the statement: a template decides what it says"],
    'DROP TABLE "{{ .end }}".a': ["drop table {{ .end }}.a"],
    "": [],
}


@pytest.mark.parametrize("sql", CASES)
def test_a_statement_is_read(sql: str) -> None:
    found = [
        said(each) if isinstance(each, Operation) else f"? {each.what}: {each.why}" for each in read(sql)
    ]
    assert found == CASES[sql]


@pytest.mark.parametrize("sql", CASES)
def test_the_place_of_a_statement_is_its_own_text(sql: str) -> None:
    for each in read(sql):
        text = sql[each.span.start : each.span.end]
        assert text and text == text.strip()
        if isinstance(each, Operation) and each.table.name:
            assert each.table.name in (sql if text.startswith("EXECUTE") else text)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("a.B", ["word a", "mark .", "word b"]),
        ('"A""b" U&"c"', ['name A"b', "name c"]),
        ("'it''s' E'\\n\\'' b'1' N'x'", ["text it's", "text \n'", "text 1", "text x"]),
        ("$$a$b$$ $t$ $$ $t$", ["text a$b", "text  $$ "]),
        ("x$y$ $1", ["word x$y$", "mark $", "number 1"]),
        ("1.5e3 .5", ["number 1.5e3", "number .5"]),
        (
            "a::b a->>'c' a=-1",
            ["word a", "mark ::", "word b", "word a", "mark ->>", "text c", "word a", "mark =-", "number 1"],
        ),
        ("a=--b\n1", ["word a", "mark =", "number 1"]),
        ("열 표", ["word 열", "word 표"]),
        (
            '"{{ index .Options "Namespace" }}".users',
            ['name {{ index .Options "Namespace" }}', "mark .", "word users"],
        ),
        ("{{ schema }}.t IX_{{ns}}_a", ["name {{ schema }}", "mark .", "word t", "name IX_{{ns}}_a"]),
        ("${crew}.t x${n}y", ["name ${crew}", "mark .", "word t", "name x${n}y"]),
        ("'{{a}}' '${a}'", ["text {{a}}", "text ${a}"]),
    ],
)
def test_tokens(sql: str, expected: list[str]) -> None:
    found = tokens(sql)
    assert [f"{token.kind} {token.value}" for token in found] == expected


@pytest.mark.parametrize("sql", ["'a", '"a', "$$a", "/* a", "E'a\\'", '""'])
def test_an_open_quote_is_no_sql(sql: str) -> None:
    with pytest.raises(Unreadable):
        tokens(sql)

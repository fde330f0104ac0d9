"""Migrations that are plain SQL scripts: which files are, what their tools do with them, and their order."""

# ruff: noqa: E501 - a case is one line
# ruff: noqa: E501 - a case is one line
from __future__ import annotations

import pytest

from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS, with_forms
from runcrew_lint.domains.migrations import script
from runcrew_lint.domains.migrations.dialect import by_content, by_path
from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration
from runcrew_lint.domains.migrations.scripts import chains
from runcrew_lint.policy.model import Migrations, Policy
from runcrew_lint.text import Source
from tests.migrations.reading import said


class Folder:
    """A reading of these files."""

    def __init__(self, files: dict[str, str], migrations: Migrations = Migrations()) -> None:  # noqa: B008
        self.files, self.policy = files, Policy("test", migrations=migrations)

    def consult(self, path: str) -> Source | None:
        """The file, where it is one of them."""
        return Source(path, self.files[path]) if path in self.files else None

    def read(self, path: str) -> Migration | None:
        """What the script at a path is."""
        return script.read(Source(path, self.files[path]), self)


SCRIPTS = {
    "db/0001_init.up.sql": "0001",
    "db/0001_init.down.sql": "",
    "x/V0001.Initial.up.sql": "0001",
    "src/main/resources/db/migration/V1_2__name.sql": "1_2",
    "any/V20260101__name.sql": "20260101",
    "any/U1__name.sql": "",
    "any/R__views.sql": "R views",
    "any/B7__base.sql": "7",
    "migrations/2026-01-01-120000_add/up.sql": "2026-01-01-120000",
    "migrations/2026-01-01-120000_add/down.sql": "",
    "prisma/migrations/20260101120000_init/migration.sql": "20260101120000",
    "migrations/20260101_a.sql": "20260101",
    "supabase/migrations/20260101120000_a.sql": "20260101120000",
    "infra/migrations/20250801T1834_a.sql": "20250801T1834",
    "drizzle/0000_a.sql": "0000",
    "store/migration/postgres/0.22/00__a.sql": "00",
    "db/migrate/001-a.sql": "001",
    "store/migrations/2-parts/up.sql": "2",
    "store/migrations/2-parts/down.sql": "",
}
STRAYS = [
    "schema.sql",
    "db/structure.sql",
    "db/seeds/01_users.sql",
    "sql/01_functions.sql",
    "queries/001_get.sql",
    "migrations/seed.sql",
    "migrations/schema.sql",
    "docs/supabase-dashboard-migrations/001_a.sql",
    "reports/2026/01_authority/02_copy.sql",
    "store/migration/postgres/LATEST.sql",
    "pkg/testdata/migrations/001_a.sql",
    "tests/fixtures/0001_a.up.sql",
    "store/2-parts/up.sql",
    "store/migrations/2-parts/tests.sql",
    "up.sql",
    "migrations/001_a.sql.j2",
    "migrations/a/b/c/d/001_a.sql",
    "node_modules/x/migrations/001_a.sql",
]


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_known_by_its_path(path: str) -> None:
    assert claimed([path])["sql-migration"] == [path]
    version = SCRIPTS[path]
    found = Folder({path: "SELECT 1"}).read(path)
    assert (found.revision if found else "").lstrip("0") == version.lstrip("0")


@pytest.mark.parametrize("path", STRAYS)
def test_a_stray_script_is_none(path: str) -> None:
    assert not claimed([path])["sql-migration"]


def test_who_reads_revisions_reads_scripts() -> None:
    assert with_forms(["migration", "eas"]) == ("migration", "sql-migration", "eas")
    assert KINDS["sql-migration"].fact == KINDS["migration"].fact


def test_prismas_way_back_lies_beside_its_migration() -> None:
    path, back = "prisma/migrations/20260101_a/migration.sql", "prisma/migrations/20260101_a/down.sql"
    found = Folder({path: "CREATE TABLE a (b int);", back: "DROP TABLE a;"}).read(path)
    assert found is not None and found.downgrade_path == back and not found.one_way
    assert [each.kind for each in found.downgrade] == [Kind.DROP_TABLE]
    alone = Folder({path: "CREATE TABLE a (b int);"}).read(path)
    assert alone is not None and alone.one_way and not alone.downgrade_path


INDEX = "CREATE INDEX CONCURRENTLY ix ON runs (a);"
OTHER = "ALTER TABLE runs ADD a int;"
SENT = [
    ("m/migrations/1_a.sql", f"-- +goose Up\n{INDEX}", {}, "migration"),
    ("m/migrations/1_a.sql", f"-- +goose NO TRANSACTION\n-- +goose Up\n{INDEX} {OTHER}", {}, "autocommit"),
    ("m/migrations/1_a.sql", f"-- +goose Up\n-- +goose no transaction\n{INDEX}", {}, "autocommit"),
    ("m/migrations/1_a.sql", f"-- +migrate Up\n{INDEX}", {}, "migration"),
    ("m/migrations/1_a.sql", f"-- +migrate Up notransaction\n{INDEX}", {}, "autocommit"),
    ("db/migrations/1_a.sql", f"-- migrate:up\n{INDEX}", {}, "migration"),
    ("db/migrations/1_a.sql", f"-- migrate:up transaction:false\n{INDEX}", {}, "autocommit"),
    ("db/migrations/1_a.sql", f"-- migrate:up transaction:false\n{INDEX} {OTHER}", {}, "migration"),
    ("m/1_a.up.sql", INDEX, {}, "autocommit"),
    ("m/1_a.up.sql", f"{INDEX} {OTHER}", {}, "migration"),
    ("app/m/1_a.up.sql", INDEX, {"app/Cargo.toml": ""}, "migration"),
    ("app/migrations/1_a.sql", INDEX, {"Cargo.toml": ""}, "migration"),
    ("app/migrations/1_a.sql", f"-- no-transaction\n{INDEX}", {"Cargo.toml": ""}, "autocommit"),
    ("migrations/2026-01-01_a/up.sql", INDEX, {}, "migration"),
    (
        "migrations/2026-01-01_a/up.sql",
        INDEX,
        {"migrations/2026-01-01_a/metadata.toml": "run_in_transaction = false"},
        "autocommit",
    ),
    ("db/V1__a.sql", INDEX, {}, "autocommit"),
    ("db/V1__a.sql", OTHER, {}, "migration"),
    ("prisma/migrations/20260101_a/migration.sql", INDEX, {}, "autocommit"),
    ("prisma/migrations/20260101_a/migration.sql", f"{OTHER} {INDEX}", {}, "migration"),
    ("supabase/migrations/20260101120000_a.sql", INDEX, {}, "autocommit"),
    ("db/supabase/migrations/1_a.sql", INDEX, {"db/supabase/config.toml": ""}, "autocommit"),
    ("supabase/migrations/1_a.sql", INDEX, {}, "ended"),
    (
        "drizzle/0001_a.sql",
        f"{INDEX}\n--> statement-breakpoint\n{OTHER}",
        {"drizzle/meta/_journal.json": "{}"},
        "migration",
    ),
    ("sql/migrations/1_a.sql", INDEX, {}, "ended"),
    ("sql/migrations/1_a.sql", OTHER, {}, "migration"),
    ("sql/migrations/1_a.sql", f"-- atlas:txmode none\n{INDEX} {OTHER}", {}, "autocommit"),
]


@pytest.mark.parametrize(("path", "text", "beside", "transaction"), SENT)
def test_the_transaction_is_the_tools(path: str, text: str, beside: dict[str, str], transaction: str) -> None:
    found = Folder({path: text, **beside}).read(path)
    assert found is not None
    assert {each.transaction.value for each in found.upgrade} == {transaction}
    assert "create index" in said(found.upgrade[0]) or text.endswith(OTHER) or OTHER in text


@pytest.mark.parametrize(
    ("setting", "transaction"), [("each", "migration"), ("none", "autocommit"), ("batch", "autocommit")]
)
def test_the_policy_says_how_scripts_are_sent(setting: str, transaction: str) -> None:
    path = "sql/migrations/1_a.sql"
    found = Folder({path: INDEX}, Migrations(sql_transaction=setting)).read(path)
    assert found is not None and found.upgrade[0].transaction.value == transaction


@pytest.mark.parametrize(("sent", "transaction"), [("COMMIT", "ended"), ("DELETE FROM a", "migration")])
def test_a_block_that_commits_runs_in_no_transaction(sent: str, transaction: str) -> None:
    text = f"DO $$ BEGIN {sent}; END $$;\nALTER TABLE a ADD b int"
    found = Folder({"m/migrations/1_a.sql": text}).read("m/migrations/1_a.sql")
    assert found is not None
    assert {each.transaction.value for each in found.upgrade} == {transaction}


def test_a_script_may_begin_its_own_transaction() -> None:
    path = "m/1_a.up.sql"
    found = Folder({path: f"BEGIN; {OTHER} COMMIT; {INDEX}"}).read(path)
    assert found is not None
    assert [f"{each.kind.value} {each.transaction.value}" for each in found.upgrade] == [
        "begin autocommit",
        "add column migration",
        "commit autocommit",
        "create index ended",
    ]


def test_the_way_back_is_a_part_or_another_file() -> None:
    one = "-- +goose Up\nCREATE TABLE runs (id uuid);\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql;\n-- +goose StatementEnd\n\n-- +goose Down\nDROP TABLE runs;\n"
    found = Folder({"migrations/1_a.sql": one}).read("migrations/1_a.sql")
    assert found is not None and found.tool == "goose" and not found.one_way
    assert [said(each) for each in found.upgrade] == [
        "create table runs id:uuid",
        "create function =f <function> {returns=int, language=sql}",
    ]
    assert [said(each) for each in found.downgrade] == ["drop table runs"]
    for each in (*found.upgrade, *found.downgrade):
        assert one[each.span.start : each.span.end].startswith(("CREATE", "DROP"))
    files = {"m/1_a.up.sql": "ALTER TABLE runs ADD a jsonb", "m/1_a.down.sql": "  ALTER TABLE runs DROP a"}
    pair = Folder(files).read("m/1_a.up.sql")
    assert pair is not None and Folder(files).read("m/1_a.down.sql") is None
    assert [said(each) for each in pair.downgrade] == ["drop column runs a @autocommit"]
    place = pair.place(pair.downgrade[0].span, Direction.DOWNGRADE)
    assert (place.path, place.span.start) == ("m/1_a.down.sql", 2)
    assert pair.place(pair.upgrade[0].span).path == "m/1_a.up.sql"
    empty = Folder({"m/1_a.up.sql": OTHER, "m/1_a.down.sql": "-- nothing"}).read("m/1_a.up.sql")
    alone = Folder({"m/1_a.up.sql": OTHER}).read("m/1_a.up.sql")
    assert empty is not None and empty.downgrade_empty and not empty.one_way
    assert alone is not None and alone.one_way and not alone.downgrade_empty


def test_rows_and_psql_commands() -> None:
    text = "\\set ON_ERROR_STOP on\nCOPY runs (a) FROM stdin;\n1\tit's; x\n\\.\n\\i other.sql\nDROP TABLE runs;\n"
    found = Folder({"migrations/1_a.sql": text}).read("migrations/1_a.sql")
    assert found is not None
    assert [said(each) for each in found.upgrade] == [
        "other <\\set>",
        "insert runs <copy>",
        "drop table runs",
    ]
    assert [(each.why, each.first) for each in found.unresolved] == [("psql reads them from another file", 2)]


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("storage/migrations/mysql/1_a.sql", "MySQL"),
        ("store/migration/sqlite/0.1/1_a.sql", "SQLite"),
        ("db/postgres-migrations/1_a.sql", "postgresql"),
        ("mysql-to-pg/migrations/postgres/1_a.sql", "postgresql"),
        ("db/migrations/1_pg.sql", ""),
        ("cockroach/migrations/1_a.sql", "CockroachDB"),
        ("supabase/migrations/1_a.sql", "postgresql"),
    ],
)
def test_the_database_by_path(path: str, dialect: str) -> None:
    assert by_path(path) == dialect


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("CREATE TABLE t (id INT AUTO_INCREMENT) ENGINE=InnoDB", "MySQL"),
        ("ALTER TABLE `t` MODIFY COLUMN `a` int unsigned", "MySQL"),
        ("ALTER TABLE t DROP FOREIGN KEY k", "MySQL"),
        ("ALTER TABLE t ADD INDEX i (a), ADD UNIQUE KEY (b)", "MySQL"),
        ("ALTER TABLE t ADD COLUMN a int NOT NULL AFTER b", "MySQL"),
        ("RENAME TABLE a TO b", "MySQL"),
        ("INSERT IGNORE INTO t VALUES (1)", "MySQL"),
        ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "MySQL"),
        ("REPLACE INTO t VALUES (1)", "MySQL"),
        ("SET FOREIGN_KEY_CHECKS = 0", "MySQL"),
        ("UPDATE t SET a = now() - INTERVAL 1 DAY", "MySQL"),
        ("CREATE TABLE t (a datetime(6))", "MySQL"),
        (
            "ALTER TABLE t ADD COLUMN a text AFTER b; -- ENGINE =\nSELECT 1 FROM u ENGINE = MergeTree",
            "ClickHouse",
        ),
        ("ALTER TABLE t ADD key varchar(10), ADD index int", ""),
        ("ALTER TYPE mood ADD VALUE 'a' AFTER 'b'; CREATE TRIGGER x AFTER INSERT ON t", "postgresql"),
        ("COPY t FROM 'f' DELIMITER ';'", ""),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "SQLite"),
        ("CREATE TABLE `t` (a integer DEFAULT (strftime('%s')))", "SQLite"),
        ("PRAGMA foreign_keys = off", "SQLite"),
        ("CREATE TABLE [dbo].[t] (a nvarchar(5))", "SQL Server"),
        ("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", "ClickHouse"),
        ("CREATE TABLE t (id BIGSERIAL)", "postgresql"),
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "postgresql"),
        ("ALTER TABLE t ADD a timestamptz", "postgresql"),
        ("SELECT a::text FROM t", "postgresql"),
        ("CREATE TABLE t (\n  a jsonb,\n  b STRING NOT NULL\n)", "CockroachDB"),
        ('CREATE TABLE t (\n  "b" STRING[],\n  a int)', "CockroachDB"),
        ("CREATE INVERTED INDEX i ON t (a)", "CockroachDB"),
        ("CREATE INDEX i ON t (a) STORING (b)", "CockroachDB"),
        ("SELECT unique_rowid()", "CockroachDB"),
        ("SELECT string, storing FROM t WHERE storing (a)", ""),
        ("CREATE TABLE t (a text)", ""),
        ("-- AUTO_INCREMENT\nDROP TABLE t", ""),
        ("DROP TABLE t; /* jsonb */", ""),
        ("CREATE TABLE t (a jsonb, b int unsigned)", ""),
    ],
)
def test_the_database_by_what_a_script_says(sql: str, dialect: str) -> None:
    assert by_content(sql) == dialect


def _read(files: dict[str, str]) -> list[Migration]:
    folder = Folder(files)
    return [each for path in files if (each := folder.read(path)) is not None]


def test_a_folder_is_one_history_in_the_order_of_its_numbers() -> None:
    files = {
        "db/R__z.sql": "SELECT 1",
        "db/V10__b.sql": "ALTER TABLE t ADD a jsonb",
        "db/V2__a.sql": "CREATE TABLE t (a int)",
        "m/migrations/0.2/00__a.sql": "SELECT 1::int",
        "m/migrations/0.2/01__a.sql": "SELECT 1",
        "m/migrations/0.10/00__a.sql": "SELECT 1",
    }
    found, left = chains(_read(files))
    assert not left
    assert [each.revision for each in found["db"]] == ["2", "10", "R z"]
    assert [each.down_revisions for each in found["db"]] == [(), ("2",), ("10",)]
    assert [each.path for each in found["m/migrations"]] == [
        "m/migrations/0.2/00__a.sql",
        "m/migrations/0.2/01__a.sql",
        "m/migrations/0.10/00__a.sql",
    ]
    assert len({each.revision for each in found["m/migrations"]}) == 3


def test_diesel_takes_the_dashes_out_of_a_version_and_compares_texts() -> None:
    versions = [
        "20170831_a",
        "2017-08-31-230457_b",
        "20140924113530_c",
        "2017-09-01-00000_d",
        "2017-10-01-000000_e",
    ]
    files = {f"migrations/{each}/up.sql": "SELECT 1::int" for each in versions}
    found, _ = chains(_read(files))
    assert [each.path[-8] for each in found["migrations"]] == ["c", "a", "b", "d", "e"]


def test_folders_that_are_counted_are_a_history_of_no_tool() -> None:
    made = ["0-init", "2-wider", "10-fill-2-more"]
    files = {f"store/migrations/{each}/up.sql": "SELECT 1::int" for each in made}
    files |= {"store/migrations/10-fill-2-more/down.sql": "SELECT 2::int"}
    found, _ = chains(_read(files))
    assert [(each.revision, each.tool, each.one_way) for each in found["store/migrations"]] == [
        ("0", "", True),
        ("2", "", True),
        ("10", "", False),
    ]


def test_what_another_script_includes_is_a_part_of_it() -> None:
    files = {
        "db/migrations/init/0-main.sql": "SELECT 1::int;\n\\i './1-types.sql'\n\\ir more/2-tables.sql\n\\i x/3-a.sql",
        "db/migrations/init/1-types.sql": "CREATE TYPE pace AS ENUM ('slow');",
        "db/migrations/init/more/2-tables.sql": "CREATE TABLE runs (id uuid);",
        "db/migrations/init/4-later.sql": "DROP TABLE runs;",
        "x/3-a.sql": "DROP TYPE pace;",
    }
    found, left = chains(_read(files), declared="postgresql")
    assert [each.path[-9:] for each in found["db/migrations/init"]] == ["-main.sql", "later.sql"]
    assert list(found) == ["db/migrations/init"] and not left


@pytest.mark.parametrize(
    ("folders", "aside"),
    [
        (("resources/db/migration", "resources/old_db_scripts"), "resources/old_db_scripts"),
        (("store/migrations/postgres", "store/migrations/future/postgres"), "store/migrations/future"),
        (("db/migrations", "db/migrations/archive/2019/migrations"), "db/migrations/archive"),
        (("db/Legacy.migrations", "db/migrations"), "db/Legacy.migrations"),
        (("legacy/migrations", "app/migrations"), ""),  # a project of that name
        (("apps/legacy/db/migrations",), ""),
        (("db/old_db_scripts",), ""),
        (("db/folded/migrations", "db/migrations"), ""),
    ],
)
def test_scripts_that_are_set_aside_are_left(folders: tuple[str, ...], aside: str) -> None:
    found, left = chains(
        _read({f"{each}/V1__a.sql": "DROP TABLE t" for each in folders}), declared="postgresql"
    )
    assert [each.why.partition(" lies")[0] for each in left] == ([aside] if aside else [])
    assert len(found) == len(folders) - len(left)


def test_what_is_not_postgres_is_left_with_a_reason() -> None:
    files = {
        "a/mysql/1_a.up.sql": "CREATE TABLE t (a int)",
        "b/migrations/1_a.sql": "CREATE TABLE t (a int)",
        "b/migrations/2_a.sql": "CREATE TABLE `t` (a int)",
        "c/migrations/1_a.sql": "CREATE TABLE t (a int)",
    }
    found, left = chains(_read(files))
    assert not found
    assert [(each.folder, each.count, each.why) for each in left] == [
        ("a/mysql", 1, "they are written for MySQL"),
        ("b/migrations", 2, "they are written for MySQL"),
        ("c/migrations", 1, "nothing in them says for which database"),
    ]
    found, left = chains(_read(files), declared="postgresql")
    assert list(found) == ["c/migrations"] and len(left) == 2


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"m/1_a.up.sql": "SELECT 1::int", "m/2_b.up.sql": "SELECT 1::int", "m/3_c.up.sql": "SELECT unique_rowid()"}, 0),
        ({"m/1_a.up.sql": "SELECT 1::int", "m/2_b.up.sql": "SELECT 1::int", "m/crdb/3_c.up.sql": "SELECT 1"}, 2),
    ],
)  # fmt: skip
def test_one_script_that_only_cockroachdb_takes_tells_of_all(files: dict[str, str], count: int) -> None:
    found, left = chains(_read(files))
    assert sum(map(len, found.values())) == count
    assert [each.why for each in left] == ["they are written for CockroachDB"]


GOOSE = "-- +goose Up\nCREATE TABLE t (a int);"
CRDB = "module crew\nrequire github.com/cockroachdb/cockroach-go/v2 v2.3.5 // indirect"
STARTS = {"go.mod": CRDB, ".devcontainer/compose.yml": "  image: cockroachdb/cockroach:v22.2"}
GO = "module crew\nrequire (\n\tgithub.com/mattn/go-sqlite3 v1.14.22\n{more})"


@pytest.mark.parametrize(
    ("path", "text", "files", "expected"),
    [
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": GO.format(more="")}, "SQLite"),
        ("db/migrations/001_a.up.sql", "DROP TABLE t", {"db/go.mod": GO.format(more="")}, "SQLite"),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": GO.format(more="\tgithub.com/lib/pq v1.10.9\n")}, ""),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": GO.format(more="\tgithub.com/jackc/pgx/v5 v5.7.1 // indirect\n")}, ""),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": GO.format(more="\tgithub.com/go-sql-driver/mysql v1.8.1\n")}, ""),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": "module crew\nrequire github.com/go-sql-driver/mysql v1.8.1"}, "MySQL"),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": "module crew // not sqlite"}, ""),
        ("db/migrations/001_a.sql", GOOSE, STARTS, "CockroachDB"),
        ("db/migrations/001_a.sql", GOOSE + "SELECT a::text", STARTS, "CockroachDB"),
        ("db/postgres/migrations/001_a.sql", GOOSE, STARTS, "postgresql"),
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": CRDB}, ""),
        ("db/migrations/001_a.sql", GOOSE, {**STARTS, "go.mod": "module crew"}, ""),
        ("db/migrations/001_a.sql", GOOSE, {**STARTS, "compose.yaml": "  image: postgres:17"}, ""),
        ("db/migrations/001_a.sql", "DROP TABLE t", STARTS, ""),
        # A program in another language lies nearer, or the tool is nobody's.
        ("db/migrations/001_a.sql", GOOSE, {"go.mod": GO.format(more=""), "db/package.json": "{}"}, ""),
        ("db/migrations/001_a.sql", "DROP TABLE t", {"go.mod": GO.format(more="")}, ""),
        # What the script says itself goes before.
        ("db/migrations/001_a.sql", GOOSE + "SELECT a::text", {"go.mod": GO.format(more="")}, "postgresql"),
        ("db/migrations/2_a.up.sql", "DROP TABLE t", {"Cargo.toml": '[dependencies]\nsqlx = { version = "0.8", features = [\n  "sqlite",\n] }'}, "SQLite"),
        ("db/migrations/2_a.up.sql", "DROP TABLE t", {"Cargo.toml": '[dependencies.sqlx]\nfeatures = ["sqlite"]\n[dependencies.rusqlite]\nversion = "1"'}, "SQLite"),
        ("db/migrations/2_a.up.sql", "DROP TABLE t", {"Cargo.toml": '[dependencies]\nsqlx = { features = ["sqlite", "postgres"] }'}, ""),
        ("db/migrations/2_a.up.sql", "DROP TABLE t", {"Cargo.toml": '[dependencies]\nsqlx = "0.8"\nrusqlite = { version = "1" }'}, ""),
        ("db/migrations/2_a.up.sql", "DROP TABLE t", {
            "db/Cargo.toml": "[dependencies]\nsqlx = { workspace = true }",
            "Cargo.toml": '[workspace.dependencies]\nsqlx = { features = ["mysql"] }'}, "MySQL"),
        # A folder that is one migration is named for what it does.
        ("m/20260101000000_leave_mysql/migration.sql", "DROP TABLE t", {}, ""),
        ("m/mysql/20260101000000_a/migration.sql", "DROP TABLE t", {}, "MySQL"),
        # What the tool has written down goes before all that a script says.
        ("app/drizzle/0001_a.sql", "DROP TABLE `t`", {"app/drizzle/meta/_journal.json": '{"dialect": "sqlite"}'}, "SQLite"),
        ("app/drizzle/0001_a.sql", "DROP TABLE t", {"app/drizzle/meta/_journal.json": '{"dialect": "pg"}'}, "postgresql"),
        ("migrations/20260101_a/migration.sql", "DROP TABLE t", {"migrations/migration_lock.toml": 'provider = "mysql"'}, "MySQL"),
        ("migrations/20260101_a/migration.sql", "DROP TABLE t", {"migrations/migration_lock.toml": 'provider = "postgresql"'}, "postgresql"),
    ],
)  # fmt: skip
def test_the_database_by_what_runs_the_scripts(
    path: str, text: str, files: dict[str, str], expected: str
) -> None:
    found = Folder({path: text, **files}).read(path)
    assert found is not None
    assert found.dialect == expected

"""SQL that lies in a file of the repository and is read as the revision runs."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Severity
from tests.fixtures_git import change_to, repository_from
from tests.migrations.test_modules import migration, told

SQL = "ALTER TABLE runs ADD a int;\nDROP TABLE crews;"
FILES = {
    "backend/alembic/versions/r2.sql": SQL,
    "backend/alembic/sql/r2.sql": SQL,
    "backend/data/r2.sql": SQL,
    "backend/crew/__init__.py": "",
    "backend/crew/sql/r2.sql": SQL,
    "backend/crew/helpers.py": """
        from pathlib import Path
        from alembic import op
        HERE = Path(__file__).parent
        def send(name):
            op.execute((HERE / "sql" / name).read_text())
    """,
}
READ = ["add column runs a:integer", "drop table crews"]
HEAD = """
    import io, os, pathlib
    import importlib.resources
    from os.path import dirname, join
    from pathlib import Path
    from crew.helpers import send

    HERE = Path(__file__).resolve().parent

    def upgrade():
        {}
"""


@pytest.mark.parametrize(
    "body",
    [
        "op.execute((HERE / 'r2.sql').read_text())",
        "op.execute(Path(__file__).with_suffix('.sql').read_text(encoding='utf-8'))",
        "op.execute(Path(__file__).with_name('r2.sql').read_text())",
        "op.execute(pathlib.Path(__file__).parents[1].joinpath('sql', 'r2.sql').open().read())",
        "op.execute(HERE.parent.joinpath(f'{HERE.parent.parent}/alembic/sql/r2.sql').read_text())",
        "op.execute(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'sql', 'r2.sql')).read())",
        "op.execute(sa.text(open(join(dirname(__file__), 'r2.sql'), 'r').read()))",
        "op.execute(io.open(__file__.replace('.py', '.sql'), encoding='utf-8').read())",
        "op.execute(open('data/r2.sql').read())",
        "op.execute(open('backend/data/r2.sql', mode='rt').read())",
        "op.execute(importlib.resources.read_text('crew.sql', 'r2.sql'))",
        "op.execute((importlib.resources.files('crew') / 'sql/r2.sql').read_text())",
        "\n        with open(HERE / 'r2.sql') as file:\n            op.execute(file.read())",
        "\n        with (HERE / 'r2.sql').open() as file:\n            for each in file.read().split(';'):\n                op.execute(each)",
        "\n        for name in ['r2.sql']:\n            op.get_bind().execute(sa.text((HERE / name).read_text()))",
    ],
)
def test_the_statements_of_a_file_are_read(body: str) -> None:
    assert [each.removesuffix(" +repeats") for each in told(HEAD.format(body), FILES)] == READ


def test_a_helper_reads_from_its_own_folder() -> None:
    assert [each.removesuffix(" +helper") for each in told(HEAD.format("send('r2.sql')"), FILES)] == READ


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("op.execute(open('gone.sql').read())", "it reads gone.sql, and no such file is in the repository"),
        (
            "op.execute(open('/srv/r2.sql').read())",
            "it reads /srv/r2.sql, and no such file is in the repository",
        ),
        (
            "op.execute(open('../data/r2.sql').read())",
            "it reads ../data/r2.sql, and no such file is in the repository",
        ),
        ("op.execute((HERE / 'r2.sql').open().read(10))", "it reads a part"),
        ("op.execute(open(HERE / 'r2.sql', 'w+').read())", "what is in the file is not known"),
        ("op.execute(open(os.environ['FILE']).read())", "what is in the file is not known"),
        ("op.execute((HERE / os.environ['FILE']).read_text())", "os.environ is not known statically"),
        ("op.execute(next(HERE.glob('*.sql')).read_text())", "next() is not evaluated"),
    ],
)
def test_a_file_that_is_not_known_is_said_to_be(body: str, why: str) -> None:
    assert told(HEAD.format(body), FILES) == [f"? the SQL of op.execute: {why}"]


def test_a_name_that_leads_to_several_files_leads_to_none() -> None:
    files = FILES | {"data/r2.sql": "DROP TABLE runs"}
    assert told(HEAD.format("op.execute(open('data/r2.sql').read())"), files) == [
        "? the SQL of op.execute: it reads data/r2.sql, and more than one file that it may be is in the repository"
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SET search_path = log; CREATE TABLE runs (id int REFERENCES crews)",
            ["create table log.runs id:integer foreign key(id)->log.crews()"],
        ),
        (
            "SET search_path TO log, pg_catalog; UPDATE runs SET a = 1; DROP INDEX ix",
            ["update log.runs a +whole", "drop index log. =ix"],
        ),
        (
            "SET LOCAL search_path TO log, public; ALTER TABLE runs ADD a int; CREATE TABLE b (); DROP TABLE b",
            ["add column runs a:integer", "create table log.b", "drop table log.b"],
        ),
        (
            "CREATE TABLE log.a (); SET search_path = log, public; DROP TABLE a",
            ["create table log.a", "drop table log.a"],
        ),
        (
            "SET search_path = log; CREATE TEMP TABLE a (); DROP TABLE a; DELETE FROM pg_enum",
            ["create table a +temporary", "drop table a", "delete pg_enum +whole"],
        ),
        ("SET search_path = log; RESET search_path; DROP TABLE a", ["drop table a"]),
        ("SET LOCAL search_path = log; COMMIT; DROP TABLE a", ["commit", "drop table a @ended"]),
        ("SET search_path = log; ROLLBACK; DROP TABLE a", ["rollback", "drop table a @ended"]),
        ("SET search_path = ''; DROP TABLE a", ["drop table a"]),
        ("SET search_path = public, log; DROP TABLE a", ["drop table a"]),
        ("SET search_path = public; DROP TABLE a", ["drop table a"]),
        ("SET search_path = '{{.Schema}}'; DROP TABLE a", ["drop table a"]),
        (
            "SET search_path = log; ALTER TABLE a RENAME TO b; DROP TABLE c.d",
            ["rename table log.a ->log.b", "drop table c.d"],
        ),
    ],
)
def test_a_name_without_a_schema_is_found_by_the_search_path(sql: str, expected: list[str]) -> None:
    found = told(f"def upgrade():\n    op.execute({sql!r})\n", {})
    assert [each for each in found if "search_path" not in each] == expected


def test_a_search_path_that_may_not_be_set_places_nothing() -> None:
    found = told(
        "def upgrade():\n    if X:\n        op.execute('SET search_path = log')\n    op.drop_table('a')\n", {}
    )
    assert found[1] == "drop table a"


def test_a_way_back_without_a_search_path_means_what_was_made_under_it() -> None:
    made = "op.execute('SET search_path = log')\n    op.execute('CREATE TABLE a (); CREATE TABLE b.c ()')"
    back = "op.drop_table('a')\n    op.drop_table('d')"
    found = migration(f"def upgrade():\n    {made}\n\n\ndef downgrade():\n    {back}\n", {})
    assert [str(each.table) for each in found.downgrade] == ["log.a", "d"]


def test_a_run_about_the_sql_alone_judges_the_revision_that_reads_it(tmp_path: Path) -> None:
    revision = """
        from pathlib import Path
        from alembic import op
        revision = "r1"
        down_revision = None
        HERE = Path(__file__).parent

        def upgrade():
            op.execute((HERE / "up.sql").read_text())

        def downgrade():
            op.execute((HERE / "down.sql").read_text())
    """
    before = {
        "alembic/versions/r1.py": dedent(revision),
        "alembic/versions/up.sql": "CREATE TABLE runs (a int);",
        "alembic/versions/down.sql": "DROP TABLE runs CASCADE;",
    }
    for path, severity in (("up.sql", Severity.ERROR), ("down.sql", Severity.WARNING)):
        about = f"alembic/versions/{path}"
        root = repository_from(before, tmp_path / path)
        change_to(root, {**before, about: before[about].replace("a int", "a bigint").replace(" CASCADE", "")})
        rules = ("applied-revision-edited",)
        found = run(Request(root, targets=frozenset({about}), since="HEAD~1", select=rules)).report.findings
        assert [(each.path, each.severity) for each in found] == [("alembic/versions/r1.py", severity)]

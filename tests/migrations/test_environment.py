"""What env.py says: transactions, settings, the search path, and the naming convention of its metadata."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

import pytest

from runcrew_lint.domains.migrations import alembic, environment
from runcrew_lint.domains.migrations.dialect import by_types
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, EnvironmentSetting
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.text import Source
from tests.migrations.test_modules import Repository

PATH = "backend/alembic/env.py"
HEAD = "from alembic import context\nfrom sqlalchemy import engine_from_config, text\n"


def told(body: str, head: str = "", files: dict[str, str] | None = None) -> AlembicEnvironment:
    """What an env.py says whose function `online` has this body."""
    lines = indent(dedent(body), "    ")
    source = Source(PATH, f"{HEAD}{dedent(head)}\ndef online():\n{lines}\n    context.run_migrations()\n")
    found = environment.read(source, Repository({**(files or {}), PATH: source.text}))
    assert isinstance(found, AlembicEnvironment)
    return found


PLAIN = "context.configure(connection=c)"


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        (PLAIN, "transaction_per_migration", False),
        (
            "context.configure(connection=c, transaction_per_migration=True)",
            "transaction_per_migration",
            True,
        ),
        ("context.configure(connection=c, transactional_ddl=False)", "transactional_ddl", False),
        (PLAIN, "transactional_ddl", None),
        ("c.execute(text('SET search_path TO crews, public'))", "search_path", "crews, public"),
        ("c.execute(text(f'SET search_path TO {schema}'))", "search_path", "?"),
        ("create_engine(u, connect_args={'options': '-csearch_path=crews'})", "search_path", "crews"),
        (PLAIN, "search_path", ""),
        ("context.configure(connection=c, version_table_schema='ops')", "version_table_schema", "ops"),
        ("context.configure(connection=c, version_table_schema=schema)", "version_table_schema", "?"),
        ("context.configure(connection=c, version_table_schema=None)", "version_table_schema", ""),
        ("context.configure(connection=c, include_schemas=True)", "include_schemas", True),
        (
            "c.execute(text('SET lock_timeout = 4000'))",
            "settings",
            (EnvironmentSetting("lock_timeout", "4000"),),
        ),
        (
            "create_engine(u, connect_args={'options': '-c statement_timeout=5s'})",
            "settings",
            (EnvironmentSetting("statement_timeout", "5s"),),
        ),
        (
            "create_engine(u, connect_args={'server_settings': {'lock_timeout': wait}})",
            "settings",
            (EnvironmentSetting("lock_timeout", "?"),),
        ),
    ],
)
def test_a_setting_is_read(body: str, field: str, expected: Any) -> None:
    assert getattr(told(body), field) == expected


@pytest.mark.parametrize(
    ("body", "outer"),
    [
        (
            "with engine.begin() as c:\n    context.configure(connection=c)\n    run_migrations()",
            "engine.begin()",
        ),
        ("with engine.connect() as c, c.begin():\n    run_migrations()", "c.begin()"),
        ("rec['transaction'] = conn.begin()\ncontext.run_migrations(engine_name=name)", "conn.begin()"),
        ("trans = conn.begin_twophase()\ncontext.run_migrations()", "conn.begin_twophase()"),
        ("with engine.begin() as c:\n    c.execute(text('SELECT 1'))", ""),
        ("with engine.connect() as c:\n    with context.begin_transaction():\n        run_migrations()", ""),
    ],
)
def test_a_transaction_around_all_revisions_is_seen(body: str, outer: str) -> None:
    found = told(body)
    text = f"{HEAD}\ndef online():\n{indent(dedent(body), '    ')}\n"
    span = found.outer_transaction
    assert text[span.start : span.end] == outer


BASE = """
    from sqlalchemy import MetaData
    from sqlalchemy.orm import DeclarativeBase

    NAMES = {"ix": "ix_%(column_0_label)s", "fk": f"fk_{'%'}(table_name)s"}

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMES)

    class Plain(DeclarativeBase):
        pass
"""
NAMES = (("ix", "ix_%(column_0_label)s"), ("fk", "fk_%(table_name)s"))
FILES = {
    "backend/app/base.py": BASE,
    "backend/app/__init__.py": "from .base import Base",
    "backend/app/old.py": "from sqlalchemy import MetaData\nfrom sqlalchemy.ext.declarative import declarative_base\n"
    "meta = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\nBase = declarative_base(metadata=meta)\n",
    "backend/app/flask.py": "from flask_sqlalchemy import SQLAlchemy\nfrom .old import meta\ndb = SQLAlchemy(metadata=meta)\n",
}


@pytest.mark.parametrize(
    ("imports", "value", "expected"),
    [
        ("from app.base import Base", "Base.metadata", NAMES),
        ("from app import Base", "Base.metadata", NAMES),
        ("import app.base as models", "models.Base.metadata", NAMES),
        ("from app.base import Base\ntarget_metadata = Base.metadata", "target_metadata", NAMES),
        ("from app.base import Base\ntarget_metadata = [Base.metadata]", "target_metadata", ()),
        ("from app.old import Base", "Base.metadata", (("pk", "pk_%(table_name)s"),)),
        ("from app.flask import db", "db.metadata", (("pk", "pk_%(table_name)s"),)),
        ("from app.flask import db", "db.Model.metadata", (("pk", "pk_%(table_name)s"),)),
        ("from app.base import Plain", "Plain.metadata", ()),
        ("from sqlmodel import SQLModel", "SQLModel.metadata", ()),
        ("target_metadata = None", "target_metadata", ()),
        ("from elsewhere import Base", "Base.metadata", None),
        ("from flask import current_app", "current_app.extensions['migrate'].db.metadata", None),
    ],
)
def test_the_naming_convention_is_followed(imports: str, value: str, expected: Any) -> None:
    body = f"context.configure(connection=c, target_metadata={value})"
    assert told(body, imports, FILES).naming_convention == expected


CONNECTS = "engine = engine_from_config(config.get_section('alembic'))"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (CONNECTS, ""),
        (f"{CONNECTS}\nurl = config.get_main_option('sqlalchemy.url')", ""),
        (f"config.set_main_option('sqlalchemy.url', URL)\n{CONNECTS}", "?"),
        (f"section = config.get_section('alembic')\nsection['sqlalchemy.url'] = URL\n{CONNECTS}", "?"),
        ("engine = engine_from_config(config.get_section('alembic'), url=URL)", "?"),
        ("engine = config.attributes.get('connection')", "?"),
        ("engine = create_engine('sqlite:///crew.db')", "SQLite"),
        ("engine = create_engine('postgresql+psycopg://db/crew')", "postgresql"),
        ("engine = create_engine(URL)", "?"),
        (f"{CONNECTS}\nother = create_engine('sqlite:///crew.db')", "?"),
        (PLAIN, "?"),
    ],
)
def test_the_database_is_the_one_that_is_connected_to(body: str, expected: str) -> None:
    assert told(body).dialect == expected


ASKS = "config.set_main_option('sqlalchemy.url', settings.url)"
SETTINGS = "from app.settings import settings"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/settings.py": "url = 'sqlite+aiosqlite:///crew.db'", "requirements.txt": "alembic"}, "SQLite"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "backend/pyproject.toml": "SQLAlchemy>=2"}, "SQLite"),
        ({"app/__init__.py": "", "app/settings/__init__.py": "from app.settings.base import settings",
          "app/settings/base.py": "url = 'sqlite:///crew.db'", "requirements.txt": "alembic"}, "SQLite"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'  # PostgreSQL later", "requirements.txt": "alembic"}, "SQLite"),
        ({"app/settings.py": "url = environ['URL']", "requirements.txt": "alembic\naiosqlite"}, "SQLite"),
        # What may be PostgreSQL in the end is.
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "requirements.txt": "alembic\npsycopg2"}, "?"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "setup.py": "alembic", "requirements.txt": "-r more.txt",
          "more.txt": "asyncpg"}, "?"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "requirements.txt": "alembic", "compose.yml": "image: postgres"}, "?"),
        ({"app/settings.py": "url = 'sqlite:///crew.db' or 'postgresql://db'", "requirements.txt": "alembic"}, "?"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "requirements.txt": "alembic\noslo.db"}, "?"),
        ({"app/settings.py": "url = 'sqlite:///crew.db'", "requirements.txt": "alembic\npyodbc"}, ""),
        # Nothing says what is installed, or that SQLite is meant.
        ({"app/settings.py": "url = 'sqlite:///crew.db'"}, ""),
        ({"app/settings.py": "url = environ['URL']", "requirements.txt": "alembic"}, ""),
        ({"app/settings.py": "url = environ['URL']", "requirements.txt": "alembic\nPyMySQL"}, "MySQL"),
        ({"compose.yaml": "image: docker.io/library/mariadb:11", "requirements.txt": "alembic"}, "MySQL"),
        ({"compose.yaml": "image: crew/mysql-backup", "requirements.txt": "alembic"}, ""),
    ],
)  # fmt: skip
def test_the_only_database_that_a_project_can_connect_to(files: dict[str, str], expected: str) -> None:
    assert told(ASKS, SETTINGS, files).drivers == expected


def test_drivers_are_asked_only_where_nothing_else_says() -> None:
    files = {"requirements.txt": "alembic\naiosqlite"}
    assert told("engine = create_engine('postgresql://db/crew')", "", files).drivers == ""
    assert told("from sqlalchemy.dialects import postgresql\n" + ASKS, "", files).drivers == ""


@pytest.mark.parametrize(
    ("drivers", "imported", "expected"),
    [
        (("SQLite",), (), "SQLite"),
        (("SQLite",), ("sqlalchemy.dialects.postgresql",), "postgresql"),
        (("SQLite",), ("sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql"), ""),
        (("SQLite", "MySQL"), (), ""),
        (("SQLite", "?"), (), ""),
        (("?",), (), ""),
        ((), (), ""),
    ],
)
def test_the_revisions_own_types_go_before_drivers(
    drivers: tuple[str, ...], imported: tuple[str, ...], expected: str
) -> None:
    setups = tuple(AlembicEnvironment(f"{each}/env.py", dialect="?", drivers=each) for each in drivers)
    revisions = []
    for each in imported or ("app",):
        text = f"revision = '{each}'\ndown_revision = None\nfrom {each} import X\n"
        found = alembic.read(Source("versions/a.py", text), Repository({}))
        assert found is not None
        revisions.append(found)
    assert Lineage("x", tuple(revisions), setups).dialect == expected


@pytest.mark.parametrize(
    ("imported", "expected"),
    [
        ("from sqlalchemy.dialects.mysql.types import TINYINT", "MySQL"),
        ("from sqlalchemy.dialects import postgresql", "postgresql"),
        ("from sqlalchemy.dialects import mysql, postgresql", ""),
        ("import sqlalchemy", ""),
    ],
)
def test_the_types_of_one_database_tell_which_it_is(imported: str, expected: str) -> None:
    assert told(f"{imported}\n{CONNECTS}").types == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////var/lib/crew.db", "SQLite"),
        ("mysql+pymysql://crew@db/crew", "MySQL"),
        ("postgresql+asyncpg://db/crew", "postgresql"),
        ("driver://user:pass@localhost/dbname", ""),
        ("", ""),
    ],
)
def test_the_database_of_the_settings_is_that_of_the_url(url: str, expected: str) -> None:
    source = Source("alembic.ini", f"[alembic]\nscript_location = db\nsqlalchemy.url = {url}\n")
    found = environment.read(source, Repository({source.path: source.text}))
    assert found is not None
    assert found.dialect == expected


@pytest.mark.parametrize(
    ("imported", "expected"),
    [
        ([["sqlalchemy.dialects.mysql"], ["sqlalchemy.dialects.mysql.TINYINT"], ["app.models"]], "MySQL"),
        ([["sqlalchemy.dialects.mysql"], ["alembic.op"]], ""),
        ([["sqlalchemy.dialects.mysql"], ["sqlalchemy.dialects.mysql"], ["sqlalchemy.dialects.sqlite"]], ""),
        ([["sqlalchemy.dialects.postgresql"]], "postgresql"),
        ([], ""),
    ],
    ids=["most", "half", "another's, too", "PostgreSQL's", "no revision"],
)
def test_a_history_whose_revisions_import_the_types_of_one_database(
    imported: list[list[str]], expected: str
) -> None:
    assert by_types(imported) == expected


SENT = "c.execute(text('SET ROLE owner'))"


@pytest.mark.parametrize(
    ("body", "begun", "may_not"),
    [
        (PLAIN, False, False),
        (f"{SENT}\n{PLAIN}", True, False),
        (f"{SENT}\nc.commit()\n{PLAIN}", False, False),
        (f"if role:\n    {SENT}\n{PLAIN}", True, True),
        (f"for role in roles:\n    {SENT}\n{PLAIN}", True, True),
        (f"with engine.connect() as c:\n    {SENT}\n    {PLAIN}", True, False),
        (f"if online:\n    {SENT}\n    {PLAIN}", True, False),
        (f"if role:\n    {SENT}\n{SENT}\n{PLAIN}", True, False),
    ],
)
def test_a_statement_before_configure_begins_a_transaction(body: str, begun: bool, may_not: bool) -> None:
    found = told(body)
    assert (bool(found.begun.end), found.may_not_begin) == (begun, may_not)


@pytest.mark.parametrize(
    ("path", "text", "older"),
    [
        ("requirements.txt", "alembic\nSQLAlchemy==1.4.27  # as airflow", True),
        ("requirements.txt", "sqlalchemy[asyncio]>=1.4,<2", True),
        ("requirements.txt", "sqlalchemy>=1.4,<3", False),
        ("requirements.txt", "fastapi-pagination[sqlalchemy]==0.15.12\nsqlalchemy==1.4.27", True),
        ("requirements.txt", "pages[fast,sqlalchemy]==0.15.12\nsqlalchemy==1.4.27", True),
        ("requirements.txt", "pages[fast, sqlalchemy]==0.15.12\nsqlalchemy==1.4.27", True),
        ("requirements.txt", "sqlalchemy>=1.4", False),
        ("requirements.txt", "SQLAlchemy-Utils==0.38.3\nsqlalchemy", False),
        ("requirements.txt", "flask-sqlalchemy==1.0", False),
        ("backend/requirements.txt", "sqlalchemy<2.0", True),
        ("backend/pyproject.toml", '[tool.poetry.dependencies]\nsqlalchemy = {version = "^1.4"}', True),
        ("backend/pyproject.toml", 'dependencies = ["sqlalchemy ~=2.0", "alembic==1.4"]', False),
        ("uv.lock", '[[package]]\nname = "sqlalchemy"\nversion = "1.4.51"', True),
        ("uv.lock", '[[package]]\nname = "sqlalchemy"\nversion = "2.0.30"', False),
        ("web/requirements.txt", "sqlalchemy==1.4", False),
    ],
)
def test_sqlalchemy_1_begins_none(path: str, text: str, older: bool) -> None:
    assert bool(told(f"{SENT}\n{PLAIN}", files={path: text}).begun.end) is not older
    asks = f"c = create_engine(URL, future=True).connect()\n{SENT}\n{PLAIN}"
    assert told(asks, files={path: text}).begun.end


@pytest.mark.parametrize(
    ("body", "others"),
    [
        (PLAIN, ()),
        ("target.kwargs['mysql_engine'] = MYSQL_ENGINE", ("mysql",)),
        ("context.configure(connection=c, render_as_batch=url.startswith('sqlite'))", ("sqlite",)),
        ("if c.dialect.name in ('mssql', 'oracle'):\n    pass", ("mssql", "oracle")),
        ("'Not for MySQL.'", ()),
        ("c = psqlite", ()),
    ],
)
def test_it_names_the_other_databases_that_it_is_for(body: str, others: tuple[str, ...]) -> None:
    assert told(body).others == others

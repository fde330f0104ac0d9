"""Flask-Migrate: env.py asks the application for its metadata, and what that was given is followed."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from runcrew_lint.domains.migrations import alembic, extension
from runcrew_lint.domains.migrations.facts import AlembicEnvironment
from runcrew_lint.domains.migrations.history import lineages_of
from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from runcrew_lint.text import Source
from tests.mends.two_revisions import lay_out, revision
from tests.migrations.test_modules import Repository

MODELS = """
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import MetaData
    from sqlalchemy.orm import DeclarativeBase, declarative_base

    NAMES = {"pk": "pk_%(table_name)s"}

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMES)

    class Routing(SQLAlchemy):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
"""
OWN = """
    def columns(constraint, table):
        return "_".join((c if isinstance(c, str) else c.name) for c in constraint.columns)

    def unique(constraint, table):
        return "uq_" if constraint.unique else ""

    def odd(constraint, table):
        return table.fullname

    NAMES = {
        "ix": "ix_%(unique)s%(table_name)s_%(columns)s",
        "uq": "%(unique)s%(table_name)s",
        "fk": "fk_%(odd)s",
        "columns": columns,
        "unique": unique,
        "odd": odd,
    }
"""
NAMES = (("pk", "pk_%(table_name)s"),)
PLAIN = "from app.models import db\nmigrate.init_app(app, db)"


def read(main: str, models: str) -> AlembicEnvironment | None:
    text = dedent(main)
    files = {"app/main.py": text, "app/models.py": dedent(MODELS) + dedent(models), "app/__init__.py": ""}
    return extension.read(Source("app/main.py", text), Repository(files))


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ("db = SQLAlchemy()", None),  # something in the file may be its convention all the same
        ("db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES))", NAMES),
        ("db: SQLAlchemy = SQLAlchemy(model_class=Base)", NAMES),
        ("db = Routing(metadata=Base.metadata)", NAMES),
        ("db = Routing()\ndb.metadata.naming_convention = NAMES", NAMES),
        ("db = Routing(model_class=declarative_base())\ndb.Model.metadata.naming_convention = NAMES", NAMES),
        ("db = SQLAlchemy(metadata=MetaData(naming_convention=load()))", None),
        ("db = SQLAlchemy(**OPTIONS)", None),
        ("db = connect(metadata=Base.metadata)", None),
        ("db = SQLAlchemy(metadata=Base.metadata)\nif x:\n    db = SQLAlchemy()", None),
        (
            OWN + "\n    db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES))",
            (
                ("ix", "ix_%(table_name)s_%(column_0_N_name)s"),
                ("unique ix", "ix_uq_%(table_name)s_%(column_0_N_name)s"),
                ("uq", "uq_%(table_name)s"),
                ("fk", "fk_%(odd)s"),
            ),
        ),
    ],
)
def test_the_convention_of_the_database_is_followed(models: str, expected: Any) -> None:
    found = read(PLAIN, models)
    assert found is not None
    assert found.naming_convention == expected


@pytest.mark.parametrize(
    "main",
    [
        "from app.models import db\nfrom flask_migrate import Migrate\nMigrate(app, db)",
        "from app.models import db\nfrom flask_migrate import Migrate\nmigrate = Migrate(db=db)",
        "from app import models\ndef create_app(app):\n    migrate.init_app(app, db=models.db)",
        "def create_app(app):\n    from app.models import db\n    migrations.init_app(app, db)",
    ],
)
def test_a_database_is_handed_over(main: str) -> None:
    found = read(main, "db = SQLAlchemy(model_class=Base)")
    assert found is not None
    assert (found.extension, found.naming_convention) == ("given", NAMES)


def test_two_databases_of_one_convention_are_one() -> None:
    both = "from app.models import db, other\nmigrate.init_app(app, db)\nmigrate.init_app(app, other)"
    same = "db = SQLAlchemy(model_class=Base)\nother = SQLAlchemy(model_class=Base)"
    other = "db = SQLAlchemy(model_class=Base)\nother = SQLAlchemy(model_class=declarative_base())"
    assert getattr(read(both, same), "naming_convention", None) == NAMES
    assert getattr(read(both, other), "naming_convention", NAMES) is None


@pytest.mark.parametrize(
    "main", ["from app.models import db\ncache.init_app(app, db)", "migrate = Migrate()"]
)
def test_what_hands_nothing_over_is_no_fact(main: str) -> None:
    assert read(main, "db = SQLAlchemy(model_class=Base)") is None


def test_python_newer_than_ours_is_not_known() -> None:
    newer = "def titled(self): return f'{self.name.encode('ascii')}' + lambda (x): x\n"
    found = read(PLAIN, f"{newer}db = SQLAlchemy(model_class=Base)")
    assert found is not None
    assert found.naming_convention is None
    assert read(f"{newer}{PLAIN}", "db = SQLAlchemy(model_class=Base)") is None


MADE = "db = SQLAlchemy()"
LITE = {"app/config.py": "SQLALCHEMY_DATABASE_URI = f'sqlite:///{FOLDER}/crew.db'"}
ALEMBIC = {"requirements.txt": "flask-migrate"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (LITE | ALEMBIC, "SQLite"),
        ({"config.py": LITE["app/config.py"]} | ALEMBIC, "SQLite"),
        (LITE | {"requirements.txt": "flask-migrate\npsycopg"}, "?"),
        (LITE | ALEMBIC | {"app/config.py": "URI = 'sqlite:///' or 'postgresql://'"}, "?"),
        (ALEMBIC, ""),
        (LITE, ""),
    ],
)
def test_the_database_of_an_application_that_its_settings_name(files: dict[str, str], expected: str) -> None:
    models = {"app/models.py": dedent(MODELS) + MADE, "app/__init__.py": ""}
    found = extension.read(
        Source("app/main.py", PLAIN), Repository({"app/main.py": PLAIN, **models, **files})
    )
    assert found is not None
    assert found.drivers == expected


ENV = """
from alembic import context
from flask import current_app

def online():
    context.configure(connection=c, target_metadata=current_app.extensions["migrate"].db.metadata)
    context.run_migrations()
"""
MODULES = """
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData

db = SQLAlchemy(metadata=MetaData(naming_convention={{
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ck": "{check}",
}}))
migrate = Migrate(app, db)
"""
START = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, crew_id bigint, pace bigint)")


def downgrade():
    op.drop_table("runs")
    op.drop_table("crews")
"""


def mended(folder: Path, upgrade: str, modules: dict[str, str]) -> list[str]:
    """The added lines of what the fixes make of a revision."""
    lay_out(folder, START, revision(upgrade, "pass"), ENV)
    for name, text in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    made = mend(Request(folder, policy="runcrew", select=_RULES), unsafe=True)
    texts = [content.decode() for _, content in sorted(made.contents.items())]
    return [
        line.strip() for text in texts for line in text.splitlines() if "VALID" in line or "_index(" in line
    ]


_RULES = ("index-not-concurrent", "foreign-key-without-not-valid", "check-without-not-valid")
PLAIN_CHECKS = {"app.py": MODULES.format(check="%(constraint_name)s")}


def test_an_index_without_a_name_is_built_by_that_of_the_convention(tmp_path: Path) -> None:
    assert mended(tmp_path, "op.create_index(None, 'runs', ['crew_id', 'pace'])", PLAIN_CHECKS)[1] == (
        "op.create_index('ix_runs_crew_id_pace', 'runs', ['crew_id', 'pace'], "
        "postgresql_concurrently=True, if_not_exists=True)"
    )


def test_a_key_without_a_name_is_validated_by_that_of_the_convention(tmp_path: Path) -> None:
    lines = mended(
        tmp_path, "op.create_foreign_key(None, 'runs', 'crews', ['crew_id'], ['id'])", PLAIN_CHECKS
    )
    assert any("VALIDATE CONSTRAINT fk_runs_crew_id" in line for line in lines)


@pytest.mark.parametrize(
    ("step", "modules"),
    [
        ("op.create_index(None, 'runs', [sa.text('pace')])", PLAIN_CHECKS),
        ("op.create_index(None, 'runs', ['pace'])", {}),
        ("op.create_index(None, 'runs', ['pace'])", {"tests/app.py": PLAIN_CHECKS["app.py"]}),
        (
            "op.create_index(None, 'runs', ['pace'])",
            PLAIN_CHECKS | {"b.py": "from flask_migrate import Migrate\nMigrate(app, db)"},
        ),
        ("op.create_check_constraint('fast', 'runs', 'pace > 0')", {}),
        (
            "op.create_check_constraint('fast', 'runs', 'pace > 0')",
            {"app.py": MODULES.format(check="ck_%(table_name)s_%(constraint_name)s")},
        ),
    ],
)
def test_what_has_a_name_that_is_not_known_is_left(
    tmp_path: Path, step: str, modules: dict[str, str]
) -> None:
    assert mended(tmp_path, step, modules) == []


def test_a_check_whose_name_no_convention_changes_is_mended(tmp_path: Path) -> None:
    lines = mended(tmp_path, "op.create_check_constraint('fast', 'runs', 'pace > 0')", PLAIN_CHECKS)
    assert any("VALIDATE CONSTRAINT fast" in line for line in lines)


ADDS = """
    from flask_migrate import Migrate

    migrate = Migrate()

    @migrate.configure
    def configure(config):
        config.set_main_option("version_locations", " ".join(found()))

    def create_app():
        migrate.init_app(app, db)
"""


@pytest.mark.parametrize(("main", "expected"), [(ADDS, True), (PLAIN, False)])
def test_an_application_may_add_version_locations(main: str, expected: bool) -> None:
    found = read(main, "db = SQLAlchemy()")
    assert found is not None
    assert found.adds_locations is expected


@pytest.mark.parametrize(
    ("script", "given", "expected"),
    [
        ({"extension": "asked"}, {"adds_locations": True}, "wherever app.py finds them as it runs"),
        ({"extension": "asked"}, {}, ""),
        ({}, {"adds_locations": True}, ""),
        ({"adds_locations": True}, {}, "wherever m/env.py finds them as it runs"),
    ],
)
def test_revisions_may_lie_where_the_application_finds_them(
    script: dict[str, Any], given: dict[str, Any], expected: str
) -> None:
    made = alembic.read(Source("m/versions/a.py", revision("pass", "pass")), Repository({}))
    assert made is not None
    environments = [
        AlembicEnvironment("m/env.py", **script),
        AlembicEnvironment("app.py", extension="given", **given),
    ]
    (lineage,) = lineages_of([made], environments, ["m/env.py", "m/versions/a.py"]).lineages
    assert lineage.outside == expected


@pytest.mark.parametrize(
    ("own", "given", "expected"),
    [
        ("", ("SQLite",), "SQLite"),
        ("", ("SQLite", "SQLite"), "SQLite"),
        ("", ("SQLite", "?"), ""),
        ("", ("SQLite", ""), ""),
        ("?", ("SQLite",), ""),
    ],
)
def test_an_env_py_that_asks_is_for_the_database_of_the_application(
    own: str, given: tuple[str, ...], expected: str
) -> None:
    text = "revision = 'a'\ndown_revision = None\n"
    found = alembic.read(Source("m/versions/a.py", text), Repository({}))
    assert found is not None
    asks = AlembicEnvironment("m/env.py", dialect="?", extension="asked", drivers=own)
    hands = [
        AlembicEnvironment(f"{at}/app.py", extension="given", drivers=each) for at, each in enumerate(given)
    ]
    (lineage,) = lineages_of([found], [asks, *hands], ["m/env.py", "m/versions/a.py"]).lineages
    assert lineage.dialect == expected

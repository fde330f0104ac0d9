"""An autocommit_block and real Alembic on a real server: the rules say that it stops just where it does."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from runcrew_lint.engine.run import Request, run
from tests.components.postgres import Server

CONFIGURE = "context.configure(connection=connection{})\n"
OWN = CONFIGURE + "with context.begin_transaction():\n    context.run_migrations()"
BARE = CONFIGURE + "context.run_migrations()"
ENGINE = (
    "import sqlalchemy as sa\nfrom alembic import context\n\nurl = context.config.get_main_option('url')\n"
)
KEPT = """connection = engine.connect()
transaction = connection.begin()
context.configure(connection=connection)
context.run_migrations()
transaction.commit()
connection.close()
"""


def _within(head: str, body: str) -> str:
    return f"with {head} as connection:\n" + "".join(f"    {line}\n" for line in body.splitlines())


def _under(body: str) -> str:
    return "with connection.begin():\n" + "".join(f"    {line}\n" for line in body.splitlines())


SCRIPTS = {
    "Alembic's own": _within("engine.connect()", OWN.format("")),
    "Alembic's own, each": _within("engine.connect()", OWN.format(", transaction_per_migration=True")),
    "nobody's": _within("engine.connect()", BARE.format("")),
    "nobody's, each": _within("engine.connect()", BARE.format(", transaction_per_migration=True")),
    "nobody's, no DDL in it": _within("engine.connect()", BARE.format(", transactional_ddl=False")),
    "nobody's, committed": _within("engine.connect()", BARE.format("") + "\nconnection.commit()"),
    "the engine's": _within("engine.begin()", BARE.format("")),
    "the engine's around Alembic's": _within("engine.begin()", OWN.format("")),
    "the engine's around each": _within("engine.begin()", OWN.format(", transaction_per_migration=True")),
    "the engine's, no DDL in it": _within("engine.begin()", OWN.format(", transactional_ddl=False")),
    "the connection's": _within("engine.connect()", _under(OWN.format(""))),
    "the connection's, later": _within(
        "engine.connect()", CONFIGURE.format("") + _under("context.run_migrations()")
    ),
    "kept": KEPT,
}
REVISION = """from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('ok')")
    {before}
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE 'proud'")
        op.execute("CREATE TABLE runs (a int)")
        op.execute("CREATE INDEX CONCURRENTLY ix ON runs (a)")


def downgrade():
    pass
"""
RULES = ("concurrently-in-transaction", "enum-value-in-transaction")


def _stops(server: Server, folder: Path) -> bool:
    database = server.new_database()
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("url", server.url(database).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except AssertionError:
        stopped = True
    else:
        stopped = False
    with psycopg.connect(server.conninfo(database)) as connection:
        labels = connection.execute("SELECT enumlabel FROM pg_enum").fetchall()
    assert (("proud",) in labels) is not stopped
    return stopped


AUTOCOMMIT = ", isolation_level='AUTOCOMMIT'"
FUTURE = ", future=True"  # SQLAlchemy 1.4 does without it what stops nothing
COMMIT = 'op.execute("COMMIT")'


@pytest.mark.parametrize(
    ("name", "level", "before"),
    [
        *((name, FUTURE if name.startswith("nobody") else "", "") for name in SCRIPTS),
        ("Alembic's own", AUTOCOMMIT, ""),
        ("nobody's", AUTOCOMMIT + FUTURE, ""),
        ("nobody's", FUTURE, COMMIT),
        ("the engine's", AUTOCOMMIT, ""),
        ("Alembic's own", "", COMMIT),
        ("the engine's", "", COMMIT),
        ("kept", AUTOCOMMIT, COMMIT),
    ],
)
def test_what_alembic_does_is_foretold(
    postgres: Server, tmp_path: Path, name: str, level: str, before: str
) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "script.py.mako").write_text("")
    (tmp_path / "env.py").write_text(f"{ENGINE}engine = sa.create_engine(url{level})\n{SCRIPTS[name]}")
    (tmp_path / "versions" / "a.py").write_text(REVISION.format(before=before))
    found = run(Request(tmp_path, policy="runcrew", select=RULES)).report.findings
    told = {each.rule for each in found if "is never reached" in each.message}
    assert told == (set(RULES) if _stops(postgres, tmp_path) else set())

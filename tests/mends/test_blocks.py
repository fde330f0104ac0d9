"""What an autocommit_block of a fix turns off meanwhile: the timeouts that the session has of env.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_fills import revision

ENV = """\
from alembic import context
from sqlalchemy import create_engine, text

with create_engine("postgresql:///runs").connect() as connection:
{settings}
    connection.commit()
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
START = 'op.execute("CREATE TABLE runs (id bigint PRIMARY KEY)")'
INDEX = 'op.create_index("ix_id", "runs", ["id"])'


def lay_out_under(folder: Path, settings: list[str], upgrade: str) -> None:
    """Two revisions, the second to mend, under an env.py with settings of the session."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    lines = [f'    connection.execute(text("SET {each}"))' for each in settings]
    (folder / "alembic/env.py").write_text(ENV.format(settings="\n".join(lines)))
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade))


@pytest.mark.parametrize(
    ("settings", "upgrade", "off", "on"),
    [
        ([], INDEX, [], []),
        (["lock_timeout = '4s'"], INDEX, ["lock_timeout"], ["lock_timeout = '4s'"]),
        (["statement_timeout = 5000"], INDEX, ["statement_timeout"], ["statement_timeout = 5000"]),
        (
            ["lock_timeout = 4000", "statement_timeout = '5s'"],
            INDEX,
            ["lock_timeout", "statement_timeout"],
            ["lock_timeout = 4000", "statement_timeout = '5s'"],
        ),
        (["statement_timeout = 0"], INDEX, [], []),
        # The revision says itself how long it may take.
        (["statement_timeout = 5000"], f"op.execute('SET statement_timeout = 120000')\n{INDEX}", [], []),
    ],
)
def test_timeouts_are_off_in_a_block(
    tmp_path: Path, settings: list[str], upgrade: str, off: list[str], on: list[str]
) -> None:
    lay_out_under(tmp_path, settings, upgrade)
    made = mend(
        Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None), unsafe=False
    )
    (content,) = made.contents.values()
    block = content.decode().partition("autocommit_block():\n")[2].partition("\n\n")[0].splitlines()
    assert block[: len(off)] == [f'        op.execute("SET {each} = 0")' for each in off]
    assert block[len(block) - len(on) :] == [f'        op.execute("SET {each}")' for each in on]
    assert len(block) == 2 + len(off) + len(on)


FOREIGN = 'op.create_foreign_key("fk", "runs", "runs", ["id"], ["id"])'


@pytest.mark.parametrize("given", ["lock_timeout = '4s'", "statement_timeout = 5000"])
def test_a_timeout_is_off_while_a_later_revision_validates(tmp_path: Path, given: str) -> None:
    """A VALIDATE reads every row, which a statement_timeout for quick steps would end."""
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    settings = f'    connection.execute(text("SET {given}"))'
    (tmp_path / "alembic/env.py").write_text(ENV.format(settings=settings))
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", FOREIGN))
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",), cache=None)
    (new,) = (
        each.decode() for path, each in mend(request, unsafe=False).contents.items() if "_validate" in path
    )
    lines = [
        each.strip() for each in new.partition("autocommit_block():\n")[2].partition("\n\n")[0].splitlines()
    ]
    name = given.partition(" ")[0]
    assert lines == [
        f'op.execute("SET {name} = 0")',
        'op.execute("ALTER TABLE runs VALIDATE CONSTRAINT fk")',
        f'op.execute("SET {given}")',
    ]


LOCAL = """op.execute("SET LOCAL lock_timeout = '4s'")"""
UNIQUE = 'op.create_unique_constraint("key", "runs", ["id"])'


@pytest.mark.parametrize("before", ["", f"{LOCAL}\n", f"{LOCAL}\n# one each\n"])
def test_no_set_local_stands_before_a_block_that_ends_it(tmp_path: Path, before: str) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic/env.py").write_text(ENV.format(settings=""))
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", before + UNIQUE))
    rules = ("lock-timeout-missing", "unique-builds-index")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    (content,) = made.contents.values()
    head, block = content.decode().partition("def upgrade():\n")[2].split("    with ")
    assert ("SET LOCAL" in head) == ("#" in before)  # a comment stays, and what stands before it
    assert block.splitlines()[3] == f"    {LOCAL}"


SENT = 'connection.execute(text("SET ROLE owner"))\n'


@pytest.mark.parametrize(
    ("sent", "installed", "first"),
    [
        (SENT, "", "op.get_bind().commit()"),
        (SENT, "sqlalchemy==2.0.30", "op.get_bind().commit()"),
        (SENT, "sqlalchemy[asyncio]==1.4.27", "with op.get_context().autocommit_block():"),
        (f"if role:\n    {SENT}", "", ""),
        (f"if role:\n    {SENT}", "sqlalchemy==1.4.27", "with op.get_context().autocommit_block():"),
    ],
)
def test_a_transaction_that_env_py_begins_is_ended_where_it_surely_is_one(
    tmp_path: Path, sent: str, installed: str, first: str
) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text(installed)
    (tmp_path / "alembic/env.py").write_text(
        f"from alembic import context\nfrom sqlalchemy import text\n\n{sent}"
        "context.configure(connection=connection)\nwith context.begin_transaction():\n"
        "    context.run_migrations()\n"
    )
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", INDEX))
    request = Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None)
    (content,) = mend(request, unsafe=False).contents.values() or [b""]
    body = content.decode().partition("def upgrade():\n")[2]
    assert body.partition("\n")[0].strip() == first


DROP = 'op.drop_index("ix_id", table_name="runs")'


@pytest.mark.parametrize(
    ("more", "first"), [('op.drop_table("runs")', True), ('op.drop_table("crews")', False)]
)
def test_a_set_local_stands_before_an_index_that_goes_with_its_table(
    tmp_path: Path, more: str, first: bool
) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic/env.py").write_text(ENV.format(settings=""))
    start = f'{START}\n{INDEX}\nop.execute("CREATE TABLE crews (id bigint)")'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", f"{DROP}\n{more}"))
    made = mend(
        Request(tmp_path, policy="runcrew", select=("lock-timeout-missing",), cache=None), unsafe=True
    )
    lines = made.contents["alembic/versions/0002_change.py"].decode().partition("def upgrade():\n")[2]
    assert lines.startswith(f"    {LOCAL}\n    {DROP}\n") is first
    assert lines.startswith(f"    {DROP}\n    {LOCAL}\n") is not first


@pytest.mark.parametrize(("settings", "blocks"), [([], 1), (["lock_timeout = '4s'"], 2)])
def test_a_block_that_turns_a_timeout_off_does_so_for_its_own(
    tmp_path: Path, settings: list[str], blocks: int
) -> None:
    other = "with op.get_context().autocommit_block():\n    op.execute('VACUUM runs')"
    lay_out_under(tmp_path, settings, f"{INDEX}\n{other}")
    made = mend(Request(tmp_path, policy="runcrew", select=("index-not-concurrent",)), unsafe=False)
    (content,) = made.contents.values()
    assert content.decode().count("autocommit_block") == blocks

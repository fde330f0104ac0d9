"""The proof of each fix: original and mended revision, run by real Alembic on real servers with rows.

The catalogue and the rows are the same in the end, and those of before after downgrade(); no table that was
there is locked harder, rewritten, or read under a harder lock. RUNCREW_PROOF_EXAMPLES sets how many revisions
are drawn for each fix (default 2; `make prove` draws 300), each of which runs on PostgreSQL 16 and on 18;
RUNCREW_PROOF_REPORT names a file that counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
import sqlalchemy as sa

from tests.components.postgres import Server
from tests.proof import drawn
from tests.proof.alembic_runs import Runner
from tests.proof.claims import CLAIMS
from tests.proof.drawn import Drawn
from tests.proof.proving import proof, prove

Runners = tuple[Runner, ...]


@pytest.fixture(scope="module")
def runners(postgres: Server, postgres_16: Server) -> Iterator[Runners]:
    """A database on each server."""
    made = tuple(Runner(server) for server in (postgres_16, postgres))
    yield made
    for each in made:
        each.close()


@pytest.mark.parametrize("name", CLAIMS)
def test_a_fix_is_proved(name: str, runners: Runners) -> None:
    proof(name, CLAIMS[name], runners)


HISTORY = Drawn(
    {
        drawn.ENV_PY: drawn.ENV.format(per=True, first="", last=""),
        drawn.MAKO: drawn.TEMPLATE,
        drawn.FIRST: drawn.BASE.format(s=""),
        drawn.CHANGE: drawn.HEAD
        + "    op.alter_column('runs', 'a', nullable=False)\n"
        + "    op.create_foreign_key('fk', 'runs', 'crews', ['crew_id'], ['id'])\n\n\ndef downgrade():\n"
        + "    op.drop_constraint('fk', 'runs')\n    op.alter_column('runs', 'a', nullable=True)\n",
    },
    drawn.START.format(s=""),
)


@pytest.mark.parametrize(
    ("rule", "module", "was", "now"),
    [
        ("foreign-key-without-not-valid", "python_constraints", "VALIDATE CONSTRAINT", "DROP CONSTRAINT"),
        (
            "foreign-key-without-not-valid",
            "python_constraints",
            "ALTER TABLE",
            "LOCK TABLE crews; ALTER TABLE",
        ),
        (
            "foreign-key-without-not-valid",
            "python_constraints",
            "ALTER TABLE",
            "COMMENT ON TABLE runs IS ''x''; ALTER TABLE",
        ),
        (
            "foreign-key-without-not-valid",
            "python_constraints",
            "ALTER TABLE",
            "UPDATE crews SET level = 1; ALTER TABLE",
        ),
        ("set-not-null", "python_steps", "IS NOT NULL", "<> 1"),
        ("set-not-null", "python_steps", " NOT VALID", ""),
    ],
)
def test_a_wrong_fix_is_no_proof(
    runners: Runners,
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    module: str,
    was: str,
    now: str,
) -> None:
    mends = import_module(f"runcrew_lint.mends.{module}")
    real = mends.execute
    monkeypatch.setattr(mends, "execute", lambda alias, sql: real(alias, sql.replace(was, now)))
    with pytest.raises((AssertionError, sa.exc.DBAPIError)):
        prove(HISTORY, CLAIMS[rule], runners)

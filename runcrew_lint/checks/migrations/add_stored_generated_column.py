"""add-stored-generated-column: a table is written anew to compute a column for its rows."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, rewriting
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_VIRTUAL_SINCE = 18  # "Generated Columns" of the manual
_HELP = (
    "PostgreSQL 18 computes a VIRTUAL column as it is read (`sa.Computed(..., persisted=False)`); or add a "
    "plain column, keep it by a trigger, fill it in batches"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each stored generated column that comes to a table others use."""
    for step, column in adding(repository, policy):
        if column.generated is not None and not column.virtual:
            what = "generated and stored, so it is computed for every row"
            yield rewriting(step, column, what, help=_HELP if policy.postgres >= _VIRTUAL_SINCE else "")

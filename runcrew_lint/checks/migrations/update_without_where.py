"""update-without-where: every row of a table is written at once."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._fill_mends import fill_mends
from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each UPDATE without WHERE of a table that others use, in upgrade() and downgrade()."""
    found = [each for each in writes(repository, policy, Kind.UPDATE) if each[1].whole]
    mends = fill_mends(found, policy)
    for function, operation in found:
        yield Fault(
            function.place(operation.span),
            f"this UPDATE writes every row of {operation.table} in one go: each stays locked until the "
            "transaction ends, and the table doubles",
            notes=only_if(operation),
            mend=mends.get((function.path, *operation.call)),
        )

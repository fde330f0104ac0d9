"""delete-without-where: every row of a table goes."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DELETE without WHERE from a table that others use, in upgrade() and downgrade()."""
    for function, operation in writes(repository, policy, Kind.DELETE):
        if operation.whole:
            yield Fault(
                function.place(operation.span),
                f"this DELETE removes every row of {operation.table}, those too that were written since",
                notes=only_if(operation),
            )

"""inline-index: a new column brings an index along, which is built while every write waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import is_empty, is_used
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Form, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `index=True` of a column that comes to a table others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        operation = step.operation
        if operation.form is Form.INLINE and is_used(step, policy) and not is_empty(step):
            keys = operation.index.keys if operation.index is not None else ()
            name = ".".join([str(operation.table), *keys])
            yield told(
                step,
                f"the index of {name} is built at once: nobody can use {operation.table} until it is done, "
                "for the new column has shut it",
            )

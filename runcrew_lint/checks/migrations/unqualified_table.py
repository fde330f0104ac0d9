"""unqualified-table: a table goes wherever the search path of the day says."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._lasting import table_lasts
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE TABLE without a schema whose table is there where the history ends.

    Temporary tables have a schema of their own, and a revision may say itself what the search path is.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TABLE):
        operation = step.operation
        if operation.table.schema or operation.temporary or not operation.table.name:
            continue
        path = step.schema.session.before(operation).get("search_path")
        if path is None and table_lasts(step):
            yield Fault(
                step.place,
                f"{operation.table} is made in whichever schema the search path of the session names first",
                notes=only_if(operation),
            )

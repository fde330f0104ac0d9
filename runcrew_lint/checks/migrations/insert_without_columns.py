"""insert-without-columns: values that go by the order of columns alone."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.facts import Form, Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each INSERT by SQL that lists no columns, in upgrade().

    A table of the same revision has the columns that stand beside the INSERT.
    """
    for function, operation in writes(repository, policy, Kind.INSERT, upgrade_alone=True):
        if operation.form is Form.SQL and not operation.columns and not operation.words:
            yield Fault(
                Place(function.migration.path, operation.span),
                f"the values go to the columns of {operation.table} by their order, which is another in a "
                "database that got them in another way",
                notes=only_if(operation),
            )

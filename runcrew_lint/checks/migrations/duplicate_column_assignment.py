"""duplicate-column-assignment: a column that one statement names twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from runcrew_lint.checks.migrations._directions import functions
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Form, Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each INSERT or UPDATE by SQL that names a column twice (42701, 42601)."""
    for function in functions(repository, policy):
        for operation in function.operations:
            if operation.kind not in (Kind.INSERT, Kind.UPDATE) or operation.form is not Form.SQL:
                continue
            counts = Counter(column.name for column in operation.columns)
            twice = [name for name, count in counts.items() if count > 1]
            if twice:
                yield Fault(
                    function.place(operation.span),
                    f"{operation.kind.value.upper()} names {twice[0]} twice: the server refuses it",
                    notes=only_if(operation),
                )

"""insert-without-columns: values that go by the order of columns alone."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.facts import Form, Kind, Operation, Relation
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the first INSERT by SQL into a table that lists no columns, in upgrade().

    A table of the same revision has the columns that stand beside the INSERT.
    """
    found: dict[tuple[str, Relation], list[Operation]] = {}
    for function, operation in writes(repository, policy, Kind.INSERT, upgrade_alone=True):
        if operation.form is not Form.SQL or operation.columns or operation.words:
            continue
        table = function.lineage.before(function.migration.revision).table(operation.table)
        if table is None or not table.complete or len(table.columns) > 1:  # one has no other order
            found.setdefault((function.migration.path, operation.table.key), []).append(operation)
    for (path, _), (first, *more) in found.items():
        last = (Related(Place(path, more[-1].span), f"{len(more)} more, to here"),) if more else ()
        yield Fault(
            Place(path, first.span),
            f"the values go to the columns of {first.table} by their order, which is another in a "
            "database that got them in another way",
            notes=only_if(first),
            related=last,
        )

"""dynamic-sql: SQL that is put together from what nobody can read beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each statement with a part that is known only when it runs, in both functions.

    A text of literals, however it is put together, is as good as written out.
    """
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            for each in {each.span: each for each in migration.assembled}.values():
                # format() of the server has quotes of its own, %I and %L.
                quoted = each.how.startswith("the DO block")
                yield Fault(
                    migration.place(each.span, each.direction),
                    "this SQL is put together as it runs, so what it does can't be reviewed"
                    + ("" if quoted else ", and a quote in what is put in changes the statement"),
                    notes=(Note("unknown", each.how),),
                )

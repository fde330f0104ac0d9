"""multiple-bases: a history that begins in more than one place."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.graph import free_bases, histories
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each base after the oldest that no merge joins to it and no branch label sets apart."""
    del policy
    for lineage in repository.derive(history_of).lineages:
        if not lineage.is_whole:
            continue
        bases = free_bases(lineage)
        if len(bases) < 2:
            continue
        apart = histories(lineage)
        first = bases[0]
        for each in bases[1:]:
            if apart[each.revision] != apart[first.revision]:
                yield Fault(
                    Place(each.path, each.down_revision_span),
                    f"{each.revision} follows no revision, and neither does {first.revision}: there are two "
                    "histories, and `alembic upgrade head` refuses to choose between their heads",
                    related=(Related(Place(first.path, first.down_revision_span), "the other base"),),
                )

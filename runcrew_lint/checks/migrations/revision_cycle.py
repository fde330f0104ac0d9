"""revision-cycle: revisions that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.graph import cycles
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a circle, at its youngest revision."""
    del policy
    for lineage in repository.derive(history_of).lineages:
        for circle in cycles(lineage):
            yield _fault(circle)


def _fault(circle: tuple[Migration, ...]) -> Fault:
    first, *others = circle
    way = " -> ".join((*(each.revision for each in circle), first.revision))
    what = "waits for itself" if not others else f"waits for itself ({way})"
    return Fault(
        Place(first.path, _span(first, circle[1 % len(circle)])),
        f"{first.revision} {what}, so Alembic can't put the revisions in order and runs none",
        related=tuple(
            Related(
                Place(each.path, _span(each, circle[(at + 2) % len(circle)])), f"{each.revision} waits, too"
            )
            for at, each in enumerate(others)
        ),
    )


def _span(migration: Migration, needed: Migration) -> Span:
    """Where a revision says that it comes after another."""
    follows = needed.revision in migration.down_revisions or not migration.depends_on_span.end
    return migration.down_revision_span if follows else migration.depends_on_span

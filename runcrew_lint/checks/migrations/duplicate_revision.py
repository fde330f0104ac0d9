"""duplicate-revision: two files that say they are the same revision."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each file whose revision another file of its environment has, but the oldest of them."""
    del policy
    for lineage in repository.derive(history_of).lineages:
        same: dict[str, list[Migration]] = {}
        for each in lineage.migrations:
            same.setdefault(each.revision, []).append(each)
        for revision, files in same.items():
            first, *others = sorted(files, key=lambda each: (each.date, each.path))
            for each in others:
                yield Fault(
                    Place(each.path, each.revision_span),
                    f"{revision} is the revision of another file, too, so Alembic runs one of them and "
                    "passes the other over",
                    related=(Related(Place(first.path, first.revision_span), "and this one's"),),
                )

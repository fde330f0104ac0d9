"""migration-unresolved: what of a revision no rule can judge, and why."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Kind, Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_RUNS = "whether this runs"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each part of a revision that can't be known without running it."""
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            # A helper that both directions call is told once.
            for each in {(each.span, each.what): each for each in migration.unresolved}.values():
                follows = "it is judged as if it did" if each.what == _RUNS else "no rule judges it"
                place = Place(migration.path, each.span)
                yield Fault(place, f"{each.what} can't be known here ({each.why}), so {follows}")
            yield from _columns(migration)


def _columns(migration: Migration) -> Iterator[Fault]:
    """Added columns of which it is not known whether they are required, or have a default."""
    for operation in migration.upgrade:
        if operation.kind is not Kind.ADD_COLUMN:
            continue
        column = operation.columns[0]
        for attribute, what in (("nullable", "is NOT NULL"), ("default", "has a server default")):
            if attribute in column.unknown and not (attribute == "default" and column.nullable):
                name = f"{operation.table}.{column.name}"
                yield Fault(
                    Place(migration.path, operation.span),
                    f"whether {name} {what} can't be known here, so no rule judges it",
                )

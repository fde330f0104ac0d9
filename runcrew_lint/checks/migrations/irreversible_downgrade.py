"""irreversible-downgrade: a rollback that stops with an exception."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Direction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `raise` that every run of a way back comes to."""
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            if migration.downgrade_raises.end:
                way = "the script of the way back" if migration.downgrade_path else "downgrade()"
                yield Fault(
                    migration.place(migration.downgrade_raises, Direction.DOWNGRADE),
                    f"{way} raises, so no rollback goes behind {migration.revision}",
                )

"""revision-message: a revision that does not say what it is for."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_NOTHING = ("", "empty message", "revision id:", "...", "wip", "todo", "migration", "auto")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each revision whose docstring begins with nothing that is said."""
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            said = migration.message.strip().lower()
            if said in _NOTHING or said.startswith("revision id:"):
                yield Fault(
                    Place(migration.path, migration.revision_span),
                    f"{migration.revision} does not say what it is for: `alembic history` shows nothing",
                )

"""applied-revision-edited: a revision that others have run already does something else now."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.fact import Base
from runcrew_lint.domains.migrations.edited import changed_parts
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision that the base has and that the change edits; without `--since` there is no base.

    Comments, layout, imports and annotations may change. A downgrade() runs in the future alone: to mend it
    is told as a warning.
    """
    base = repository.worktree.base
    if base is None:
        return
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            if migration.path in base.paths and base.is_changed(migration.path):
                yield from _fault(migration, base)


def _fault(migration: Migration, base: Base) -> Iterator[Fault]:
    before, now = base.text(migration.path), base.text_now(migration.path)
    parts = changed_parts(before, now) if before is not None and now is not None else ()
    if not parts:
        return
    shown = [f"{each}()" if each in ("upgrade", "downgrade") else each for each in parts]
    named = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
    if parts == ("downgrade",):
        yield Fault(
            Place(migration.path, migration.downgrade_span),
            f"downgrade() of {migration.revision}, which {base.name} has already, is another now: see that "
            "it undoes what databases have run",
            severity=Severity.WARNING,
        )
        return
    yield Fault(
        Place(migration.path, _span(migration, parts)),
        f"{base.name} has {migration.revision} already and {named} differs now: a database that has run it "
        "never gets the change, a new one gets another schema",
    )


def _span(migration: Migration, parts: tuple[str, ...]) -> Span:
    places = {
        "upgrade": migration.upgrade_span,
        "down_revision": migration.down_revision_span,
        "depends_on": migration.depends_on_span,
        "downgrade": migration.downgrade_span,
    }
    found = (places[name] for name in places if name in parts and places[name].end)
    return next(found, migration.revision_span)

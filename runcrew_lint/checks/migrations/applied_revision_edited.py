"""applied-revision-edited: a revision that others have run already does something else now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.checks.migrations._remembered import remembers
from runcrew_lint.domains.fact import Base
from runcrew_lint.domains.migrations.edited import changed_parts, changed_ways
from runcrew_lint.domains.migrations.facts import Direction, Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision that the base has and that the change edits; without `--since` there is no base.

    Comments, layout, imports and annotations may change. A downgrade() runs in the future alone: to mend it
    is told as a warning. Of scripts only those count whose tool remembers which of them have run.
    """
    base = repository.worktree.base
    if base is None:
        return
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            if migration.path in base.paths:
                yield from _judge(migration, base)


def _judge(migration: Migration, base: Base) -> Iterator[Fault]:
    if migration.path.endswith(".sql"):
        if remembers(migration):
            yield from _script(migration, base)
        return
    parts = _between(migration.path, base, changed_parts)
    if not parts:
        yield from _taken(migration, base)
        return
    shown = [f"{each}()" if each in ("upgrade", "downgrade") else each for each in parts]
    named = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
    if parts == ("downgrade",):
        yield _way_back(migration, base, "downgrade()")
        return
    yield _edited(Place(migration.path, _span(migration, parts)), migration, base, f"{named} differs")


def _between(path: str, base: Base, compare: Callable[[Source, Source], tuple[str, ...]]) -> tuple[str, ...]:
    """What of a file is another now."""
    if path not in base.paths or not base.is_changed(path):
        return ()
    before, now = base.text(path), base.text_now(path)
    return compare(before, now) if before is not None and now is not None else ()


def _script(migration: Migration, base: Base) -> Iterator[Fault]:
    parts = _between(migration.path, base, changed_ways)
    if "upgrade" in parts:
        place = Place(migration.path, migration.upgrade_span)
        yield _edited(place, migration, base, "what it sends differs")
    elif "downgrade" in parts or _between(migration.downgrade_path, base, changed_ways):
        yield _way_back(migration, base, "the way back")


def _taken(migration: Migration, base: Base) -> Iterator[Fault]:
    """The SQL that a revision reads from files of their own."""
    for path in migration.taken:
        if _between(path, base, changed_ways):
            what = f"{path}, which it reads, differs"
            yield _edited(Place(migration.path, migration.upgrade_span), migration, base, what, path)
            return
    for path in migration.taken_back:
        if _between(path, base, changed_ways):
            yield _way_back(migration, base, f"{path}, the way back", path)
            return


def _edited(place: Place, migration: Migration, base: Base, what: str, also: str = "") -> Fault:
    return Fault(
        place,
        f"{base.name} has {migration.revision} already and {what} now: a database that has run it "
        "never gets the change, a new one gets another schema",
        related=_also(also),
    )


def _also(path: str) -> tuple[Related, ...]:
    return (Related(Place(path, Span(0, 0)), "what it reads"),) if path else ()


def _way_back(migration: Migration, base: Base, what: str, also: str = "") -> Fault:
    return Fault(
        migration.place(migration.downgrade_span, Direction.DOWNGRADE),
        f"{what} of {migration.revision}, which {base.name} has already, is another now: see that "
        "it undoes what databases have run",
        related=_also(also),
        severity=Severity.WARNING,
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

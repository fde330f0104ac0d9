"""The graph of an environment's revisions: what follows what, and in which order all of them run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.ordering import in_order


class Ancestry:
    """Revisions by their parents and dependencies.

    Arguments:
        migrations: the revisions.
        unread: the files beside them that could not be read: any of them may be one.
    """

    __slots__ = ()
    migrations: tuple[Migration, ...]
    unread: tuple[str, ...]

    @cached_property
    def by_revision(self) -> Mapping[str, Migration]:
        """Each revision by its identifier; of a duplicated one, the first by path."""
        return {each.revision: each for each in reversed(self.migrations)}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The revisions that come directly after each."""
        found: dict[str, list[str]] = {revision: [] for revision in self.by_revision}
        for revision, migration in self.by_revision.items():
            for parent in migration.down_revisions:
                if parent in found:
                    found[parent].append(revision)
        return {revision: tuple(after) for revision, after in found.items()}

    @cached_property
    def heads(self) -> tuple[Migration, ...]:
        """The revisions that nothing comes after, oldest first; a dependency alone does not come after."""
        ends = [self.by_revision[revision] for revision, after in self.children.items() if not after]
        return tuple(sorted(ends, key=lambda each: (each.date, each.path)))

    @cached_property
    def missing(self) -> tuple[tuple[Migration, str, str], ...]:
        """Every revision that is named and not there: who names it, its identifier, and as what."""
        return tuple(
            (migration, name, word)
            for migration in self.migrations
            for word, names in (
                ("down_revision", migration.down_revisions),
                ("depends_on", migration.depends_on),
            )
            for name in names
            if name not in self.by_revision and not (word == "depends_on" and name in self.labels)
        )

    @cached_property
    def is_whole(self) -> bool:
        """Whether every revision and its parents are known."""
        return not self.unread and all(each.parents_known for each in self.migrations)

    @cached_property
    def order(self) -> tuple[Migration, ...]:
        """Every revision after its parents and dependencies; revisions of a cycle come last."""
        known = self.by_revision
        needs = {revision: self.needs(migration) for revision, migration in known.items()}
        return tuple(known[revision] for revision in in_order(needs, self._rank))

    def needs(self, migration: Migration) -> Iterator[str]:
        """What runs before a revision: its parents, and what it depends on, a label's revision for it."""
        yield from migration.down_revisions
        for dependency in migration.depends_on:
            yield self.labels.get(dependency, dependency)

    def _rank(self, revision: str) -> tuple[bool, str, str]:
        migration = self.by_revision[revision]
        return revision in self._gaps, migration.date, migration.path

    @cached_property
    def _gaps(self) -> frozenset[str]:
        """The revisions right behind a file that could not be read, which may have changed any table.

        They come after all that do not rest on them. Nobody says where such a script would stand.
        """
        known = self.by_revision
        return frozenset(
            revision
            for revision, migration in (known.items() if self.unread else ())
            if migration.tool != "alembic" or any(each not in known for each in self.needs(migration))
        )

    @cached_property
    def parts(self) -> tuple[tuple[Migration, ...], ...]:
        """The order, cut where nothing is known any more of the tables from before."""
        cuts = (at for at, each in enumerate(self.order) if at and each.revision in self._gaps)
        return tuple(self.order[start:end] for start, end in pairwise((0, *cuts, len(self.order))))

    @cached_property
    def behind_unread(self) -> tuple[Migration, ...]:
        """The revisions from the first gap on: what they meet of older tables can't be known."""
        first = next((at for at, each in enumerate(self.order) if each.revision in self._gaps), None)
        return self.order[first:] if first is not None else ()

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The revision that each branch label stands at."""
        return {label: each.revision for each in self.migrations for label in each.branch_labels}

    def branch_of(self, revision: str) -> frozenset[str]:
        """The branch labels that a revision carries: its own and those it inherits from before."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [revision]
        while waiting:
            migration = self.by_revision.get(waiting.pop())
            if migration is None or migration.revision in seen:
                continue
            seen.add(migration.revision)
            found.update(migration.branch_labels)
            waiting += migration.down_revisions
        return frozenset(found)

    def up_to(self, revision: str) -> frozenset[str]:
        """A revision and all that come before it, dependencies included; nothing for an unknown one."""
        if revision not in self._known_up_to:
            self._known_up_to[revision] = self._up_to(revision)
        return self._known_up_to[revision]

    @cached_property
    def _known_up_to(self) -> dict[str, frozenset[str]]:
        return {}  # rules ask for the heads again and again

    def _up_to(self, revision: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [revision]
        while waiting:
            current = waiting.pop()
            migration = self.by_revision.get(current)
            if migration is not None and current not in seen:
                seen.add(current)
                waiting += self.needs(migration)
        return frozenset(seen)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Each revision's place in the order."""
        return {each.revision: at for at, each in enumerate(self.order)}

"""The revisions of one Alembic environment, or one folder of scripts: a graph, and what it builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from runcrew_lint.domains.migrations.dialect import by_folder, by_history
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration, Operation, Relation
from runcrew_lint.domains.migrations.naming import may_rename_checks
from runcrew_lint.domains.migrations.ordering import in_order
from runcrew_lint.domains.migrations.replays import END, Replays, Steps
from runcrew_lint.domains.migrations.schema import Schema, Setting
from runcrew_lint.frozen import frozen


@frozen
class Lineage:
    """The revisions of one environment.

    Arguments:
        name: tells it apart from others for a person.
        setups: its env.py and settings, as far as they are in the repository.
        outside: a place where more of its revisions lie that is not in the repository, "" for none.
        about: the files that the run is about; none means all.
        unread: the files beside its revisions that could not be read: any of them may be one.
        replays: what stands of earlier replays, where the process judges again and again.
    """

    name: str
    migrations: tuple[Migration, ...]
    setups: tuple[AlembicEnvironment, ...] = ()
    outside: str = ""
    about: Set[str] = frozenset()
    unread: tuple[str, ...] = ()
    replays: Replays | None = None

    @cached_property
    def derived(self) -> dict[object, Any]:
        """What has been made of it so far, by what it is, so that no rule makes it again."""
        return {}

    @cached_property
    def autocommit(self) -> bool:
        """Whether no transaction holds its revisions, because the connection is in AUTOCOMMIT."""
        return any(each.autocommit for each in self.setups)

    @cached_property
    def begun(self) -> bool:
        """Whether env.py has begun a transaction by a statement of its own, unknown to Alembic."""
        return any(each.begun.end for each in self.setups)

    @cached_property
    def transaction_per_migration(self) -> bool:
        """Whether each revision has a transaction of its own."""
        return any(each.transaction_per_migration for each in self.setups)

    @cached_property
    def dialect(self) -> str:
        """The database that its folder is named for, else the one that its env.py and revisions tell of."""
        return self._folder or by_history(self.setups, self.migrations)

    @cached_property
    def _folder(self) -> str:
        """The database that its folder is named for, "" for none."""
        folders = {by_folder(PurePosixPath(each.path).parent.name) for each in self.migrations}
        return folders.pop() if len(folders) == 1 else ""

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """What env.py and its settings set on the connection before a revision runs."""
        return {
            each.name: Setting(each.value, each.local) for setup in self.setups for each in setup.settings
        }

    @cached_property
    def naming(self) -> Mapping[str, str]:
        """The naming convention of the metadata that env.py hands to Alembic, as far as it is known."""
        return {key: text for setup in self.setups for key, text in setup.naming_convention or ()}

    @cached_property
    def others(self) -> frozenset[str]:
        """The databases beside PostgreSQL that its revisions are made for, or its env.py.

        An env.py of several folders tells nothing of the one that is named for a database.
        """
        told = [each.others for each in self.migrations]
        told += [] if self._folder else [each.others for each in self.setups]
        return frozenset(name for names in told for name in names)

    @cached_property
    def names_are_known(self) -> bool:
        """Whether the naming convention is known, so that what it names has a name."""
        return all(setup.naming_convention is not None for setup in self.setups)

    @cached_property
    def renames_checks(self) -> bool:
        """Whether a CHECK may get another name than the one that a call gives it."""
        return not self.names_are_known or may_rename_checks(self.naming)

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
        needs = {revision: self._needs(migration) for revision, migration in known.items()}
        return tuple(known[revision] for revision in in_order(needs, self._rank))

    def _needs(self, migration: Migration) -> Iterator[str]:
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
            if migration.tool != "alembic" or any(each not in known for each in self._needs(migration))
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
                waiting += self._needs(migration)
        return frozenset(seen)

    @cached_property
    def _steps(self) -> Mapping[str, Steps]:
        found = {}
        for at, part in enumerate(self.parts):
            replays = (at == 0 and self.replays) or Replays()
            played = replays.of(self.name, part, self.settings, self.naming)
            found.update({each.migration.revision: each.steps for each in played})
        return found

    def after(self, revision: str) -> Schema:
        """The schema once a revision has run."""
        return self._steps[revision][-1][1]

    @property
    def end(self) -> Schema:
        """The schema that the whole history builds; nothing is known of it where a part could not be read."""
        return self.after(self.order[-1].revision) if self.order and not self.unread else Schema()

    def before(self, revision: str) -> Schema:
        """The schema just before a revision."""
        return self._steps[revision][0][1]

    def steps(self, migration: Migration) -> Steps:
        """Each operation of a revision's upgrade, with the schema just before it."""
        return self._steps[migration.revision][:-1]

    def descent(self, migration: Migration) -> Steps:
        """Each operation of a revision's downgrade, with the schema just before it."""
        return self._descent(migration)[:-1]

    def undone(self, migration: Migration) -> Schema:
        """The schema once a revision has run, up and down."""
        return self._descent(migration)[-1][1]

    def _descent(self, migration: Migration) -> Steps:
        steps = self._descents.get(migration.revision)
        if steps is None:
            schema = self.after(migration.revision).entering(migration.revision, self.settings)
            found = []
            for operation in migration.downgrade:
                found.append((operation, schema))
                schema = schema.after(operation, migration.revision)
            steps = self._descents[migration.revision] = (*found, (END, schema))
        return steps

    @cached_property
    def _descents(self) -> dict[str, Steps]:
        return {}  # a rule looks at each once, and several do

    def later(self, migration: Migration, table: Relation) -> Iterator[Operation]:
        """What the upgrades after a revision do to a table, in their order."""
        at = self._ranks[migration.revision]
        return (operation for rank, operation in self._about.get(table.key, ()) if rank > at)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        """Each revision's place in the order."""
        return {each.revision: at for at, each in enumerate(self.order)}

    @cached_property
    def _about(self) -> Mapping[Relation, list[tuple[int, Operation]]]:
        """What the upgrades do to each table, with the place of their revision."""
        found: dict[Relation, list[tuple[int, Operation]]] = {}
        for at, migration in enumerate(self.order):
            for operation in migration.upgrade:
                found.setdefault(operation.table.key, []).append((at, operation))
        return found

    def judged(self, after: str, *, everywhere: bool = False) -> Iterator[Migration]:
        """The revisions to judge, in order: all but `after` and what comes before it.

        A run that is about some files judges the revisions among them and those that come later, for a
        revision is judged by itself and by what came before; `everywhere` judges the others, too.
        """
        settled = self.up_to(after) if after else frozenset()
        judged = self.order if everywhere else self._felt
        return (each for each in judged if each.revision not in settled)

    @cached_property
    def _felt(self) -> tuple[Migration, ...]:
        """The revisions in which the files that the run is about can be felt; env.py is felt in all."""
        if not self.about or not self.about.isdisjoint(each.path for each in self.setups):
            return self.order
        found: set[str] = set()
        for each in self.order:
            files = (each.path, each.downgrade_path)
            if not self.about.isdisjoint(files) or not found.isdisjoint(self._needs(each)):
                found.add(each.revision)
        return tuple(each for each in self.order if each.revision in found)

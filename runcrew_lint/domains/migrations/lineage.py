"""The revisions of one Alembic environment, or one folder of scripts: a graph, and what it builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from runcrew_lint.domains.migrations.ancestry import Ancestry
from runcrew_lint.domains.migrations.dialect import by_folder, by_history
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration, Operation, Relation
from runcrew_lint.domains.migrations.naming import may_rename_checks
from runcrew_lint.domains.migrations.replays import END, Replays, Steps
from runcrew_lint.domains.migrations.schema import Schema, Setting
from runcrew_lint.frozen import frozen


@frozen
class Lineage(Ancestry):
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
        at = self.ranks[migration.revision]
        return (operation for rank, operation in self._about.get(table.key, ()) if rank > at)

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
            if not self.about.isdisjoint(files) or not found.isdisjoint(self.needs(each)):
                found.add(each.revision)
        return tuple(each for each in self.order if each.revision in found)

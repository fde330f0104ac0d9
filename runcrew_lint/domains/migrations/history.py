"""The histories of a repository: each Alembic environment's revisions as a graph, and what they build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush
from pathlib import PurePosixPath
from typing import Any

from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.migrations.dialect import POSTGRES, by_folder
from runcrew_lint.domains.migrations.facts import NOWHERE, AlembicEnvironment, Kind, Migration, Operation
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.schema import Schema, Setting
from runcrew_lint.domains.migrations.scripts import Left, chains

_ROOT = PurePosixPath(".")
_END = Operation(Kind.OTHER, NOWHERE)  # stands behind a revision's last operation, with the schema it leaves


@dataclass(frozen=True)
class Lineage:
    """The revisions of one environment.

    Arguments:
        name: tells it apart from others for a person.
        setups: its env.py and settings, as far as they are in the repository.
        outside: a place where more of its revisions lie that is not in the repository, "" for none.
        about: the files that the run is about; none means all.
    """

    name: str
    migrations: tuple[Migration, ...]
    setups: tuple[AlembicEnvironment, ...] = ()
    outside: str = ""
    about: Set[str] = frozenset()

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
        """The database that its folder is named for, else the one that env.py connects to, or the settings
        that it reads; "" where that is not known.
        """
        (folder, *others) = {by_folder(PurePosixPath(each.path).parent.name) for each in self.migrations} or {
            ""
        }
        if folder and not others:
            return folder
        scripts = [each for each in self.setups if each.path.endswith(".py")]
        said = {each.dialect for each in scripts} - {""}
        if not scripts or "?" in said:
            return ""
        named = said or {each.dialect for each in self.setups if each.sections}
        return named.pop() if len(named) == 1 else ""

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
        """Whether every revision's parents are known."""
        return all(each.parents_known for each in self.migrations)

    @cached_property
    def order(self) -> tuple[Migration, ...]:
        """Every revision after its parents and dependencies; revisions of a cycle come last."""
        before = {
            revision: {each for each in self._needs(migration) if each in self.by_revision}
            for revision, migration in self.by_revision.items()
        }
        after: dict[str, list[str]] = {revision: [] for revision in before}
        for revision, needs in before.items():
            for each in needs:
                after[each].append(revision)
        ready = [self._rank(revision) for revision, needs in before.items() if not needs]
        heapify(ready)
        done: list[Migration] = []
        while ready:
            *_, revision = heappop(ready)
            done.append(self.by_revision[revision])
            for each in after[revision]:
                before[each].discard(revision)
                if not before[each]:
                    heappush(ready, self._rank(each))
        reached = {each.revision for each in done}
        rest = sorted(self._rank(each) for each in self.by_revision if each not in reached)
        return (*done, *(self.by_revision[revision] for *_, revision in rest))

    def _needs(self, migration: Migration) -> Iterator[str]:
        yield from migration.down_revisions
        for dependency in migration.depends_on:
            yield self.labels.get(dependency, dependency)

    def _rank(self, revision: str) -> tuple[str, str, str]:
        migration = self.by_revision[revision]
        return migration.date, migration.path, revision

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
    def _steps(self) -> Mapping[str, tuple[tuple[Operation, Schema], ...]]:
        schema = Schema()
        found = {}
        for migration in self.order:
            steps = []
            schema = schema.entering(migration.revision, self.settings)
            for operation in migration.upgrade:
                steps.append((operation, schema))
                schema = schema.after(named(operation, self.naming), migration.revision)
            found[migration.revision] = (*steps, (_END, schema))
        return found

    def after(self, revision: str) -> Schema:
        """The schema once a revision has run."""
        return self._steps[revision][-1][1]

    @property
    def end(self) -> Schema:
        """The schema that the whole history builds."""
        return self.after(self.order[-1].revision) if self.order else Schema()

    def before(self, revision: str) -> Schema:
        """The schema just before a revision."""
        return self._steps[revision][0][1]

    def steps(self, migration: Migration) -> tuple[tuple[Operation, Schema], ...]:
        """Each operation of a revision's upgrade, with the schema just before it."""
        return self._steps[migration.revision][:-1]

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


@dataclass(frozen=True)
class History:
    """Every environment of a repository; `left` are the folders of scripts that no rule judges."""

    lineages: tuple[Lineage, ...]
    left: tuple[Left, ...] = ()

    @cached_property
    def postgres(self) -> tuple[Lineage, ...]:
        """Those that run on PostgreSQL, as far as they do not say otherwise."""
        return tuple(each for each in self.lineages if each.dialect in ("", POSTGRES))

    @cached_property
    def derived(self) -> dict[object, Any]:
        """What has been made of the history so far, by what it is, so that no rule makes it again."""
        return {}


def history_of(repository: Facts) -> History:
    """The histories of a repository whose migrations and Alembic environments were read."""
    found = repository.facts(Migration)
    revisions = [each for each in found if each.tool == "alembic"]
    scripts = [each for each in found if each.tool != "alembic"]
    history = lineages_of(revisions, repository.facts(AlembicEnvironment), repository.worktree.paths)
    chained, left = chains(scripts, repository.policy.migrations.sql_dialect) if scripts else ({}, ())
    lineages = (*history.lineages, *(_of_scripts(*each) for each in chained.items()))
    return History(tuple(replace(each, about=repository.targets) for each in lineages), left)


def _of_scripts(folder: str, members: tuple[Migration, ...]) -> Lineage:
    """A folder of scripts; Drizzle alone runs all of them in one transaction."""
    apart = not any(each.tool == "drizzle" for each in members)
    return Lineage(folder or ".", members, (AlembicEnvironment(folder, transaction_per_migration=apart),))


def lineages_of(
    migrations: Sequence[Migration], environments: Iterable[AlembicEnvironment], paths: Iterable[str]
) -> History:
    """The environments that the revisions belong to.

    A revision belongs to the environment whose settings name its folder, else to the one whose
    `env.py` lies beside its versions folder, else to its folder. Folders whose revisions name
    each other belong together; folders that are named for databases are histories of their own.
    """
    known = frozenset(paths)
    environments = tuple(environments)
    folders: dict[PurePosixPath, list[Migration]] = {}
    for migration in migrations:
        folders.setdefault(PurePosixPath(migration.path).parent, []).append(migration)
    named = _named_locations(environments, folders)
    groups: dict[str, list[Migration]] = {}
    for folder, members in folders.items():
        name = named.get(folder) or _script_folder(folder, known)
        name = str(folder) if by_folder(folder.name) else name
        groups.setdefault(name, []).extend(members)
    merged = _merged(groups)
    return History(
        tuple(
            Lineage(name, tuple(group), *_surroundings(group, named, environments, known))
            for name, group in sorted(merged.items())
        )
    )


def _surroundings(
    group: list[Migration],
    named: Mapping[PurePosixPath, str],
    environments: Sequence[AlembicEnvironment],
    paths: frozenset[str],
) -> tuple[tuple[AlembicEnvironment, ...], str]:
    """What sets up a group of revisions, and where more of them lie that the repository does not hold."""
    folders = {PurePosixPath(each.path).parent for each in group}
    names = {named[folder] for folder in folders if folder in named}
    scripts = {f"{_script_folder(folder, paths)}/env.py".removeprefix("./") for folder in folders}
    settings = []
    outside = ""
    for environment in environments:
        here = PurePosixPath(environment.path).parent
        for section in environment.sections:
            if f"{environment.path}[{section.name}]" not in names:
                continue
            settings.append(environment)
            package, colon, inside = section.script_location.partition(":")
            place = f"{package.replace('.', '/')}/{inside}" if colon else package
            scripts |= {str(base / place / "env.py") for base in (here, _ROOT)}
            for location in section.version_locations:
                elsewhere = ":" in location or "%" in location or location.startswith("/")
                if elsewhere and not any(_lies_at(folder, location, here) for folder in folders):
                    outside = outside or location
    setups = [each for each in environments if each in settings or each.path in scripts]
    return tuple(setups), outside


def _named_locations(
    environments: Iterable[AlembicEnvironment], folders: Iterable[PurePosixPath]
) -> dict[PurePosixPath, str]:
    found: dict[PurePosixPath, str] = {}
    listed = list(folders)
    for environment in environments:
        here = PurePosixPath(environment.path).parent
        for section in environment.sections:
            locations = section.version_locations or (f"{section.script_location}/versions",)
            for location in locations:
                for folder in listed:
                    if folder not in found and _lies_at(folder, location, here):
                        found[folder] = f"{environment.path}[{section.name}]"
    return found


def _lies_at(folder: PurePosixPath, location: str, here: PurePosixPath) -> bool:
    """Whether a folder is the location or lies below it.

    A location is relative to the settings file or to the folder Alembic is started in; one that begins with
    `package:` lies wherever the package does.
    """
    package, colon, inside = location.partition(":")
    if colon and "/" not in package:
        tail = PurePosixPath(package.replace(".", "/")) / inside
        wanted = tail.parts
        parts = folder.parts
        return any(parts[at : at + len(wanted)] == wanted for at in range(len(parts)))
    for base in (here, _ROOT):
        whole = base / location
        if folder == whole or whole in folder.parents:
            return True
    return False


def _script_folder(folder: PurePosixPath, paths: frozenset[str]) -> str:
    for parent in (folder, *folder.parents):
        if str(parent / "env.py") in paths:
            return str(parent)
    return str(folder)


def _merged(groups: dict[str, list[Migration]]) -> dict[str, list[Migration]]:
    """Groups joined where one names a parent that only another has."""
    home: dict[str, str] = {}
    for name, members in sorted(groups.items()):
        for each in members:
            home.setdefault(each.revision, name)
    leads: dict[str, str] = {name: name for name in groups}

    def root(name: str) -> str:
        while leads[name] != name:
            name = leads[name]
        return name

    for name, members in sorted(groups.items()):
        own = {each.revision for each in members}
        for each in members:
            for needed in (*each.down_revisions, *each.depends_on):
                if needed not in own and needed in home:
                    one, other = sorted((root(name), root(home[needed])))
                    leads[other] = one
    merged: dict[str, list[Migration]] = {}
    for name, members in sorted(groups.items()):
        merged.setdefault(root(name), []).extend(members)
    return {name: sorted(members, key=lambda each: each.path) for name, members in merged.items()}

"""The histories of a repository: each Alembic environment's revisions as a graph, and what they build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar

from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.migrations.dialect import POSTGRES, by_folder
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.locations import (
    bases,
    depth,
    named_locations,
    passed_over,
    script_folder,
)
from runcrew_lint.domains.migrations.replays import Replays
from runcrew_lint.domains.migrations.scripts import Left, chains
from runcrew_lint.frozen import frozen

T = TypeVar("T")


@frozen
class History:
    """Every environment of a repository; `left` are the folders of revisions that no rule judges."""

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

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What is made of the history once, however many rules ask; the key says what it is."""
        if key not in self.derived:
            self.derived[key] = make()
        made: T = self.derived[key]
        return made


def history_of(repository: Facts) -> History:
    """The histories of a repository whose migrations and Alembic environments were read."""
    found = repository.facts(Migration)
    revisions = [each for each in found if each.tool == "alembic"]
    scripts = [each for each in found if each.tool != "alembic"]
    lost = [
        AlembicEnvironment(path, naming_convention=None, unseen=True, own_ids=True)
        for path in repository.unread(AlembicEnvironment)
        if path.endswith("env.py")
    ]
    environments = (*repository.facts(AlembicEnvironment), *lost)
    history = lineages_of(revisions, environments, repository.worktree.paths)
    chained, left = chains(scripts, repository.policy.migrations.sql_dialect) if scripts else ({}, ())
    unread = repository.unread(Migration)
    lineages = (*history.lineages, *(_of_scripts(*each) for each in chained.items()))
    replays = repository.kept(Replays)
    told = (
        replace(each, about=repository.targets, unread=_beside(each.migrations, unread), replays=replays)
        for each in lineages
    )
    return History(tuple(told), (*history.left, *left))


def _beside(migrations: Iterable[Migration], paths: Sequence[str]) -> tuple[str, ...]:
    """Those of the paths that lie in the folders of revisions."""
    folders = {each.path.rpartition("/")[0] for each in migrations} if paths else ()
    return tuple(path for path in paths if path.rpartition("/")[0] in folders)


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
    left = [_left(folder, folders.pop(folder), at) for folder, at in passed_over(environments, folders)]
    named = named_locations(environments, folders)
    groups: dict[str, list[Migration]] = {}
    for folder, members in folders.items():
        name = named.get(folder) or script_folder(folder, known)
        name = str(folder) if by_folder(folder.name) else name
        groups.setdefault(name, []).extend(members)
    merged = _merged(groups)
    return History(
        tuple(
            Lineage(name, tuple(group), *_surroundings(group, named, environments, known))
            for name, group in sorted(merged.items())
        ),
        tuple(left),
    )


def _left(folder: PurePosixPath, members: list[Migration], location: PurePosixPath) -> Left:
    first = min(each.path for each in members)
    why = f"Alembic reads {location}, and no folder in it"
    return Left(str(folder), first, len(members), why, "set `recursive_version_locations`, or delete them")


def _surroundings(
    group: list[Migration],
    named: Mapping[PurePosixPath, str],
    environments: Sequence[AlembicEnvironment],
    paths: frozenset[str],
) -> tuple[tuple[AlembicEnvironment, ...], str]:
    """What sets up a group of revisions, and where more of them lie that the repository does not hold."""
    folders = {PurePosixPath(each.path).parent for each in group}
    names = {named[folder] for folder in folders if folder in named}
    scripts = {f"{script_folder(folder, paths)}/env.py".removeprefix("./") for folder in folders}
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
            scripts |= {str(base / place / "env.py") for base in bases(here, place)}
            for location in section.version_locations:
                elsewhere = ":" in location or "%" in location or location.startswith("/")
                if elsewhere and all(depth(folder, location, here) is None for folder in folders):
                    outside = outside or location
    setups = [each for each in environments if each in settings or each.path in scripts]
    asks = any(each.extension == "asked" for each in setups)
    adding = [
        each.path
        for each in environments
        if each.adds_locations and (each in setups or (asks and each.extension == "given"))
    ]
    if adding and not outside:
        outside = f"wherever {adding[0]} finds them as it runs"
    return tuple(_with_extension(each, environments) for each in setups), outside


def _with_extension(
    setup: AlembicEnvironment, environments: Sequence[AlembicEnvironment]
) -> AlembicEnvironment:
    """An environment that asks Flask-Migrate for its database, with what is known of that."""
    if setup.extension != "asked":
        return setup
    given = [each for each in environments if each.extension == "given"]
    connects = {each.drivers for each in given}
    if len(connects) == 1 and not setup.drivers:
        setup = replace(setup, drivers=connects.pop())
    if setup.naming_convention is not None:
        return setup
    conventions = {each.naming_convention for each in given}
    return replace(setup, naming_convention=conventions.pop() if len(conventions) == 1 else None)


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

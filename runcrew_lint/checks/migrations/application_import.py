"""application-import: a revision that runs the application's code of another day."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath

from runcrew_lint.domains.migrations.facts import Import, Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# A folder of that name holds the revisions; the import means the library.
_LIBRARIES = frozenset({"alembic", "sqlalchemy", "migrations", "versions"})

_IMPORTED = lazily(r"^(?:from|import)[ \t]+([\w.]+)", re.MULTILINE)  # of a template
_TOOLING = frozenset({"migration", "migrations", "alembic", "alembic_migrations", "db_migrations"})


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision, at its first import of a module of this repository.

    What lies in the environment's own folder is the migrations' own, and changes with them. What
    script.py.mako brings into each revision is told of once.
    """
    modules, paths = _modules(repository.worktree.paths), frozenset(repository.worktree.paths)
    for lineage in repository.derive(history_of).lineages:
        own = _own(lineage, paths)
        brought = {name for each in lineage.setups for name in _IMPORTED.findall(each.template)}
        told: set[str] = set()
        for migration in lineage.judged(policy.migrations.after):
            found = [
                (each, name)
                for each in migration.imports
                if (name := _application(each, migration, modules, own)) and name not in told
            ]
            told |= brought.intersection(name for _, name in found)
            if found:
                yield _fault(migration, found)


def _modules(paths: Sequence[str]) -> frozenset[str]:
    """Every module and package of the repository, as a path without its ending."""
    found: set[str] = set()
    for path in paths:
        if path.endswith(".py"):
            found.add(path[:-3].removesuffix("/__init__"))
            folder = dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = dirname(folder)
    return frozenset(found)


def _own(lineage: Lineage, paths: frozenset[str]) -> tuple[str, ...]:
    """The folders that hold the revisions, and those above them down from their env.py."""
    found: set[str] = set()
    for folder in {dirname(each.path) for each in lineage.migrations}:
        found.add(folder)
        script = folder
        while script and f"{script}/env.py" not in paths:
            script = dirname(script)
        found.add(script)
    return tuple(f"{each}/" for each in found if each)


def _application(each: Import, migration: Migration, modules: frozenset[str], own: tuple[str, ...]) -> str:
    """What an import takes from the application, "" where it takes nothing."""
    dots = len(each.module) - len(each.module.lstrip("."))
    place = each.module.lstrip(".").replace(".", "/")
    if dots:
        bases = [normpath(join(dirname(migration.path), *[".."] * (dots - 1)))]
    elif place.partition("/")[0] in sys.stdlib_module_names | _LIBRARIES:
        return ""
    else:
        bases = list(_roots(migration.path))
    for base in bases:
        home = normpath(join(base, place)).removeprefix("./").removeprefix(".")
        if home in modules and not f"{home}/".startswith(own) and not _is_tooling(home, each, own):
            return each.module or "."
    return ""


def _is_tooling(home: str, each: Import, own: tuple[str, ...]) -> bool:
    """Whether it takes nothing but the packages around the revisions that are named for migrations."""
    taken = [f"{home}/{name}" for name in each.names] or [home]
    return all(
        name.rpartition("/")[2] in _TOOLING and any(folder.startswith(f"{name}/") for folder in own)
        for name in taken
    )


def _roots(path: str) -> Iterator[str]:
    """Where an absolute import of this file may begin: the folders above it, and their `src`."""
    folder = dirname(path)
    while folder:
        folder = dirname(folder)
        yield folder
        yield join(folder, "src")


def _fault(migration: Migration, found: list[tuple[Import, str]]) -> Fault:
    (first, name), *others = found
    more = f" and {len(others)} more" if len(others) > 1 else ""
    return Fault(
        Place(migration.path, first.span),
        f"{name} is the application's of today: once it changes, this revision does something else than it "
        "did, or fails on the next new database",
        related=tuple(
            Related(Place(migration.path, each.span), f"so is {other}{more}") for each, other in others[:1]
        ),
    )

"""Where Alembic looks for revisions: the folders that its settings name, and those that it does not open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from runcrew_lint.domains.migrations.dialect import by_folder
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, EnvironmentSection, Migration

_ROOT = PurePosixPath(".")
_Folders = Mapping[PurePosixPath, Sequence[Migration]]


def named_locations(
    environments: Iterable[AlembicEnvironment], folders: Iterable[PurePosixPath]
) -> dict[PurePosixPath, str]:
    """For each folder that settings name, or that lies below one, the settings and their section."""
    found: dict[PurePosixPath, str] = {}
    listed = list(folders)
    for environment, section, location in _locations(environments):
        for folder in listed:
            if folder not in found and depth(folder, location, _home(environment)) is not None:
                found[folder] = f"{environment.path}[{section.name}]"
    return found


def depth(folder: PurePosixPath, location: str, here: PurePosixPath) -> int | None:
    """How far below a location a folder lies, 0 for the location itself; None where it lies elsewhere.

    A location is relative to the settings file or to the folder Alembic is started in, see `bases`; one that
    begins with `package:` lies wherever the package does.
    """
    package, colon, inside = location.partition(":")
    parts = folder.parts
    if colon and "/" not in package:
        wanted = (PurePosixPath(package.replace(".", "/")) / inside).parts
        ends = (at + len(wanted) for at in range(len(parts)) if parts[at : at + len(wanted)] == wanted)
        return min((len(parts) - end for end in ends), default=None)
    for whole in (base / location for base in bases(here, location)):
        if folder == whole or whole in folder.parents:
            return len(parts) - len(whole.parts)
    return None


def bases(here: PurePosixPath, location: str) -> Iterator[PurePosixPath]:
    """The folders that a location of the settings in `here` may be counted from.

    Their own, the root, and one above them from which the location leads back to them: Alembic starts there.
    """
    yield here
    for parent in here.parents:
        if parent == _ROOT or here in (parent / location / "in it").parents:
            yield parent


def script_folder(folder: PurePosixPath, paths: frozenset[str]) -> str:
    """The nearest folder at or above this one that holds an env.py, else this one."""
    for parent in (folder, *folder.parents):
        if str(parent / "env.py") in paths:
            return str(parent)
    return str(folder)


def passed_over(
    environments: Iterable[AlembicEnvironment], folders: _Folders
) -> list[tuple[PurePosixPath, PurePosixPath]]:
    """The folders of revisions that Alembic does not open, each with the location that it lies below.

    `recursive_version_locations` opens them, and code can add locations of its own: a folder whose revisions
    name those of a location, or are named by them, counts as added, and so does one named for a database.
    """
    below: dict[PurePosixPath, PurePosixPath] = {}
    opened: set[PurePosixPath] = set()
    for environment, section, location in _locations(environments):
        depths = {each: depth(each, location, _home(environment)) for each in folders}
        top = next((each for each, found in depths.items() if found == 0), None)
        for folder, found in depths.items():
            if found and top is not None and not section.recursive and not by_folder(folder.name):
                below[folder] = top
            elif found is not None:
                opened.add(folder)
    left = {folder: top for folder, top in below.items() if folder not in opened}
    while added := {each for each in left if _joined(each, left, folders)}:
        left = {folder: top for folder, top in left.items() if folder not in added}
    return sorted(left.items())


def _joined(folder: PurePosixPath, left: Mapping[PurePosixPath, PurePosixPath], folders: _Folders) -> bool:
    """Whether revisions of a folder and of one that Alembic opens rest on each other."""
    others = [each for other, members in folders.items() if other not in left for each in members]
    mine = folders[folder]
    return not all(each.parents_known for each in mine) or _rests(mine, others) or _rests(others, mine)


def _rests(some: Sequence[Migration], others: Iterable[Migration]) -> bool:
    """Whether some revisions name one that only others have; a squash may bear the name of an old one."""
    there = {each.revision for each in others} - {each.revision for each in some}
    return any(name in there for each in some for name in (*each.down_revisions, *each.depends_on))


def _locations(
    environments: Iterable[AlembicEnvironment],
) -> Iterator[tuple[AlembicEnvironment, EnvironmentSection, str]]:
    for environment in environments:
        for section in environment.sections:
            for location in section.version_locations or (f"{section.script_location}/versions",):
                yield environment, section, location


def _home(environment: AlembicEnvironment) -> PurePosixPath:
    return PurePosixPath(environment.path).parent

"""Which repository a file belongs to, and what it is called there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pygls.uris import to_fs_path

from runcrew_lint.engine.discover import work_tree


class Roots:
    """The repositories of a workspace: a file lies in the one that git says, else in its workspace folder."""

    def __init__(self) -> None:
        self._folders: list[Path] = []
        self._known: dict[Path, Path | None] = {}

    def are(self, folders: Iterable[Path]) -> None:
        """The workspace's folders from now on."""
        self._folders = sorted((each.resolve() for each in folders), key=lambda each: -len(each.parts))
        self._known.clear()

    def located(self, uri: str) -> tuple[Path, str] | None:
        """A file's root and its path from there; None for what lies in no repository, or is no file."""
        file = file_of(uri)
        if file is None:
            return None
        try:
            near = next((each for each in file.parents if each.is_dir()), None)  # its folder may be new, too
        except OSError:  # no file system takes such a name
            return None
        if near is None:
            return None
        folder = near.resolve()
        root = self._root(folder)
        return (root, (folder / file.relative_to(near)).relative_to(root).as_posix()) if root else None

    def _root(self, folder: Path) -> Path | None:
        if folder not in self._known:
            top = work_tree(folder)
            around = (each for each in self._folders if folder.is_relative_to(each))
            self._known[folder] = top.resolve() if top else next(around, None)
        return self._known[folder]


def file_of(uri: str) -> Path | None:
    """The file that an address names; None for another scheme's, and for what no absolute path can be."""
    try:
        found = to_fs_path(uri) if uri.startswith("file:") else None
    except ValueError:
        return None
    return Path(found) if found and "\0" not in found and Path(found).is_absolute() else None


def uri_of(file: Path) -> str:
    """A file's address, be its name no text."""
    return file.as_uri()

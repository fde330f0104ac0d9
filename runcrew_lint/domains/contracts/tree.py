"""Which files and folders a repository has, asked by path."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from posixpath import dirname, join, normpath


class Tree:
    """The files by path, and every folder above one."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files = frozenset(paths)
        folders: set[str] = {""}
        for path in paths:
            folder = dirname(path)
            while folder not in folders:
                folders.add(folder)
                folder = dirname(folder)
        self.folders = frozenset(folders)

    def has(self, path: str) -> bool:
        """Whether there is a file or folder of that name."""
        return path in self.files or path in self.folders


@lru_cache(maxsize=4)
def tree_of(paths: tuple[str, ...]) -> Tree:
    """The tree of a listing, made once."""
    return Tree(paths)


def under(folder: str, path: str) -> str | None:
    """A path as seen from a folder, from the root; None where it leaves the repository."""
    if path.startswith(("/", "~")):
        return None
    found = normpath(join(folder, path))
    if found.startswith(".."):
        return None
    return "" if found == "." else found

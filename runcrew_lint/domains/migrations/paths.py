"""Paths of files, as Python makes them: `__file__`, os.path and pathlib.

A path that begins at a known file is kept from the repository's root on; one that begins nowhere is looked
for around the module that asks.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence

from runcrew_lint.domains.migrations.values import Member, Unknown, Value

ROOT = "/\ue001/"  # stands before a path that is known from the repository's root on
PACKAGE = "/\ue002/"  # before one that begins where imports do
_STAYS = frozenset({"resolve", "absolute", "as_posix"})


class FilePath(str):
    """A path of pathlib's."""

    __slots__ = ()


class OpenFile:
    """A file that is open for reading."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path


def joined(*steps: str) -> FilePath:
    """The path of these steps, without the "..", as if no link lay on it."""
    return FilePath(posixpath.normpath(posixpath.join(*steps)))


def attribute(of: FilePath | OpenFile, name: str) -> Value:
    """An attribute of a path or an open file."""
    if isinstance(of, OpenFile):
        return Member(of, name)
    folder, base = posixpath.split(of)
    stem, suffix = posixpath.splitext(base)
    if name == "parents":
        folders = [FilePath(folder)]
        while posixpath.dirname(folders[-1]) not in ("", folders[-1]):
            folders.append(FilePath(posixpath.dirname(folders[-1])))
        return folders
    known: Mapping[str, Value] = {"parent": FilePath(folder), "name": base, "stem": stem, "suffix": suffix}
    return known.get(name, Member(of, name))


def method(of: FilePath, name: str, args: Sequence[Value]) -> Value:
    """What a method of a path gives that does not open it."""
    if name in _STAYS:
        return of
    if not args or not all(isinstance(each, str) for each in args):
        return Unknown(f"{name}() is not evaluated")
    folder, base = posixpath.split(of)
    if name == "joinpath":
        return joined(of, *args)
    if name == "with_name":
        return joined(folder, args[0])
    if name == "with_suffix":
        return joined(folder, posixpath.splitext(base)[0] + args[0])
    return Unknown(f"{name}() is not evaluated")


def made(args: Sequence[Value]) -> Value:
    """What `Path(...)` gives."""
    if not args or not all(isinstance(each, str) for each in args):
        return Unknown("the path is not known")
    return joined(*args)


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "join": lambda *steps: str(joined(*steps)),
    "dirname": posixpath.dirname,
    "basename": posixpath.basename,
    "splitext": posixpath.splitext,
    "abspath": str,
    "realpath": str,
    "normpath": posixpath.normpath,
}
FUNCTIONS = tuple(_FUNCTIONS)


def function(name: str, args: Sequence[Value]) -> Value:
    """What a function of os.path gives."""
    if not args or not all(isinstance(each, str) for each in args):
        return Unknown("the path is not known")
    return _FUNCTIONS[name](*args)

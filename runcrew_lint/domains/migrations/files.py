"""Files of the repository that a revision reads as it runs: SQL that lies beside it."""

from __future__ import annotations

import posixpath

from runcrew_lint.domains.migrations import paths
from runcrew_lint.domains.migrations.facts import Direction
from runcrew_lint.domains.migrations.frames import module_frame
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.paths import FilePath, OpenFile
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.values import Unknown, Value

_LONGEST = 1_000_000  # characters: far above any script by hand


def opened(path: Value, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What `open(path, ...)` gives; `args` are those behind the path."""
    mode = kwargs.get("mode", args[0] if args else "r")
    if not isinstance(path, str) or not isinstance(mode, str) or not {*mode} <= {*"rtU"}:
        return Unknown("what is in the file is not known")
    return OpenFile(str(path))


def method(
    record: Record,
    machine: Machine,
    of: FilePath | OpenFile,
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
) -> Value:
    """What a method of a path or of an open file gives."""
    if isinstance(of, OpenFile):
        return text(record, machine, of.path) if name == "read" and not args else Unknown("it reads a part")
    if name == "read_text":
        return text(record, machine, of)
    if name == "open":
        return opened(of, args, kwargs)
    return paths.method(of, name, args)


def packaged(package: Value, name: Value = None) -> Value:
    """The path of a package's folder, or of a file in it."""
    if not isinstance(package, str) or not isinstance(name, (str, type(None))):
        return Unknown("the package is not known")
    return paths.joined(paths.PACKAGE, package.replace(".", "/"), *([name] if name else []))


def text(record: Record, machine: Machine, path: str) -> Value:
    """The text of a file of the repository, as far as it is clear which one is meant."""
    shown = path.removeprefix(paths.ROOT).removeprefix(paths.PACKAGE)
    found = [
        source
        for each in dict.fromkeys(_candidates(record, machine, path))
        if (source := record.modules.source(each)) is not None
    ]
    if len(found) != 1:
        more = "more than one file that it may be is" if found else "no such file is"
        return Unknown(f"it reads {shown}, and {more} in the repository")
    if len(found[0].text) > _LONGEST:
        return Unknown(f"{shown} is too long to be read")
    back = record.direction is Direction.DOWNGRADE
    (record.taken_back if back else record.taken)[found[0].path] = None
    return found[0].text


def _candidates(record: Record, machine: Machine, path: str) -> list[str]:
    """The files that a path may mean: what is relative begins at a folder around the module, by custom."""
    if path.startswith(paths.ROOT):
        return [path.removeprefix(paths.ROOT)]
    home = module_frame(machine.frame).home
    if path.startswith(paths.PACKAGE):
        return [root + path.removeprefix(paths.PACKAGE) for root in record.modules.roots(home)]
    if path.startswith(("/", "~", "..")):
        return []
    return [posixpath.normpath(folder + path) for folder in record.modules.folders(home)]

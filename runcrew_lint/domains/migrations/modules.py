"""Other modules of the same repository: what a name that leads into one of them holds there.

A module is not run from top to bottom: a name is looked for when somebody asks for it, and only the
statements that bind it are walked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.calls import attribute
from runcrew_lint.domains.migrations.frames import Frame
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.module import Module
from runcrew_lint.domains.migrations.paths import ROOT
from runcrew_lint.domains.migrations.values import Symbol, Unknown, Value, symbol
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_NOWHERE = Unknown("the module does not bind it")
_HOPS = 8  # modules that hand a name on


def _imported(statement: ast.stmt) -> Iterator[str]:
    """The dotted names that an import statement asks for."""
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            yield f"{module}.{alias.name}" if statement.module else module + alias.name


class _Names(dict[str, Value]):
    """The names of a module, walked when they are asked for."""

    def __init__(self, machine: Machine, module: Module, frame: Frame) -> None:
        super().__init__()
        self.machine, self.module, self.frame = machine, module, frame

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        if not isinstance(name, str) or not (statements := self.module.statements(name)):
            return False
        self[name] = Unknown("it is defined by itself")
        machine = self.machine
        before, machine.frame = machine.frame, Frame(self.frame)
        globals_, machine.globals = machine.globals, machine.frame
        standing, machine.standing = machine.standing, []
        try:
            machine.block(statements)
            found = machine.frame.names.get(name, Unknown(f"{name} is not bound by an assignment"))
        finally:
            machine.frame, machine.globals, machine.standing = before, globals_, standing
        self[name] = found
        return True


class Modules:
    """The modules that one revision leads to."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._sources: dict[str, Source | None] = {}
        self._frames: dict[str, Frame] = {}
        self._found: dict[Symbol, Value] = {}

    def value(self, machine: Machine, of: Symbol) -> Value:
        """What a name holds; the symbol itself where it leads to no module of the repository."""
        if of not in self._found:
            self._found[of] = of  # while it is looked for
            self._found[of] = self._look(machine, of, _HOPS)
        return self._found[of]

    def _look(self, machine: Machine, of: Symbol, hops: int) -> Value:
        for module, rest in self._splits(of):
            if not rest:
                continue
            value = self._in(machine, module, rest[0], hops)
            if value is _NOWHERE:
                continue
            for name in rest[1:]:
                value = attribute(machine, value, name)
                if isinstance(value, Symbol) and value.foreign and hops:
                    value = self._look(machine, value, hops - 1)
            return value
        return of

    def _in(self, machine: Machine, module: Module, name: str, hops: int) -> Value:
        frame = self.frame(machine, module)
        if name in frame.names:
            value = frame.names[name]
            if isinstance(value, Symbol) and value.foreign and hops:
                return self._look(machine, value, hops - 1)
            return value
        for statement in module.starred if hops else ():
            scratch = Frame(None, module.home)
            before, machine.frame = machine.frame, scratch
            machine.block([statement])
            machine.frame = before
            for star in scratch.stars:
                wanted = star.member(name)
                found = self._look(machine, wanted, hops - 1) if star.foreign else wanted
                if found is not wanted:
                    return found
        return _NOWHERE

    @property
    def visited(self) -> list[tuple[Module, Source]]:
        """The modules in which a name was looked for, with their texts."""
        sources = (self._sources[path] for path in self._frames)
        return [(each.derive(Module), each) for each in sources if each is not None]

    def imported(self, module: Module) -> Iterator[Module]:
        """A module, and the modules of the repository that it imports by name."""
        yield module
        seen = {module.path}
        for statement in module.imports:
            for name in _imported(statement):
                for other, _ in self._splits(symbol(name, module.home)):
                    if other.path not in seen:
                        seen.add(other.path)
                        yield other

    def frame(self, machine: Machine, module: Module) -> Frame:
        """The frame of a module's own names."""
        if module.path not in self._frames:
            frame = self._frames[module.path] = Frame(None, module.home)
            frame.names = _Names(machine, module, frame)
            frame.names["__file__"] = f"{ROOT}{module.path}"
        return self._frames[module.path]

    def _splits(self, of: Symbol) -> Iterator[tuple[Module, list[str]]]:
        """The modules that a dotted name may begin with, the longest first, and what is left of it."""
        path = of.path.lstrip(".")
        level = len(of.path) - len(path)
        steps = [step for step in path.split(".") if step]
        folders = _folders(of.home)
        roots = folders[level - 1 : level] if level else _roots(folders)
        for root in roots:
            first = f"{root}{steps[0]}" if steps else root.rstrip("/")
            if not level and not self._leads(first, steps):
                continue
            for cut in range(len(steps), -1 if level else 0, -1):
                module = self.module(root + "/".join(steps[:cut]))
                if module is not None:
                    yield module, steps[cut:]
            if not level:
                return

    def _leads(self, first: str, steps: list[str]) -> bool:
        """Whether an absolute import finds its first step here; a package may do without an __init__.py."""
        candidates = [f"{first}.py", f"{first}/__init__.py"]
        candidates += [f"{first}/{'/'.join(steps[1:cut])}.py" for cut in range(len(steps), 1, -1)]
        return any(self.source(each) is not None for each in candidates)

    def module(self, path: str) -> Module | None:
        """The module at a path without its ending, be it a file or a package."""
        for each in (f"{path}.py", f"{path}/__init__.py".lstrip("/")):
            source = self.source(each)
            if source is None:
                continue
            try:
                return source.derive(Module)
            except (Unreadable, RecursionError):
                return None
        return None

    def source(self, path: str) -> Source | None:
        """A file of the repository, None where there is none."""
        if path not in self._sources:
            self._sources[path] = self._reading.consult(path)
        return self._sources[path]

    def folders(self, home: str) -> list[str]:
        """A folder and those around it, up to the repository's root, each with its slash."""
        return _folders(home)

    def roots(self, home: str) -> Iterator[str]:
        """The folders that an absolute import of a module in this one may begin in."""
        return _roots(_folders(home))


def _folders(home: str) -> list[str]:
    """A folder and those around it, up to the repository's root, each with its slash."""
    found = []
    while home:
        found.append(f"{home}/")
        home = home.rpartition("/")[0]
    return [*found, ""]


def _roots(folders: list[str]) -> Iterator[str]:
    """The folders that an absolute import may begin in: a project may keep its packages in `src`."""
    for folder in folders:
        yield folder
        yield f"{folder}src/"

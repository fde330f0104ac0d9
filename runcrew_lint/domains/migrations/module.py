"""One other module of the repository: the statements that bind a name, each parsed when it is asked for."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from runcrew_lint.documents import python
from runcrew_lint.documents.python_parts import cuts
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

# What stands in another file has its lines from here on: its place means nothing in the revision's text.
FAR = 10_000_000
_DEFINES = lazily(r"(?:async\s+def|def|class)\s+(\w+)")
_DECORATED = lazily(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
_SETS = lazily(r"(\w+)\s*(?::(?!=)[^=\n;]*)?=(?!=)")
# What goes on behind a first target where there are more: a = b = 1.
_SETS_MORE = lazily(r"\s*(?:[\w.]+(?:\[[^\]]*\])?|[(\[][\w\s,.*]*[)\]])(?:\s*,\s*[\w.*]+)*\s*,?\s*=(?!=)")
_IMPORTS_ALL = lazily(r"import[\s(\\]*\*")


class Module:
    """A file's statements by the names that they bind.

    A module may be long and a revision asks for a name or two: parsing the application's models for one
    enumeration cost more than all revisions.
    """

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self.home = source.path.rpartition("/")[0]
        self._source = source
        self._starts = cuts(source.text)
        self._parsed: dict[int, list[ast.stmt]] = {}
        self._binding: dict[str, list[ast.stmt]] = {}
        if self._starts == [0]:
            self._parsed[0] = _moved(python.parse(source).body)

    def statements(self, name: str) -> list[ast.stmt]:
        """What binds a name, far away; empty where nothing does."""
        found = self._binding.get(name)
        if found is None:
            found = self._binding[name] = self._bound(name)
        return found

    @cached_property
    def starred(self) -> list[ast.stmt]:
        """The star imports."""
        return [
            statement
            for part in self._parts_of(_IMPORTS_ALL)
            for statement in self._part(part)
            if "*" in _names(statement)
        ]

    @cached_property
    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        """The imports at its top, in order."""
        return [
            statement
            for part in self._parts_of(re.compile(r"import\b"))
            for statement in self._part(part)
            if isinstance(statement, (ast.Import, ast.ImportFrom))
        ]

    @cached_property
    def registering(self) -> list[str]:
        """Classes and functions that are given to a decorator with arguments."""
        found = []
        for part in self._parts_of(re.compile(r"^@", re.MULTILINE)):
            for statement in self._part(part):
                decorators = getattr(statement, "decorator_list", ())
                if any(isinstance(each, ast.Call) for each in decorators):
                    found.append(statement.name)  # type: ignore[attr-defined]
        return found

    def _parts_of(self, pattern: re.Pattern[str]) -> list[int]:
        """The parts in which a pattern is found."""
        places = (
            bisect_right(self._starts, each.start()) - 1 for each in pattern.finditer(self._source.text)
        )
        return list(dict.fromkeys(places))

    def _bound(self, name: str) -> list[ast.stmt]:
        text, starts = self._source.text, self._starts
        found: list[ast.stmt] = []
        at = text.find(name) if len(starts) > 1 else -1
        while at >= 0:
            part = bisect_right(starts, at) - 1
            end = starts[part + 1] if part + 1 < len(starts) else len(text)
            if self._may_bind(name, starts[part], end):
                found += [each for each in self._part(part) if name in _names(each)]
                if len(self._starts) == 1:
                    break  # that part was cut wrongly
            at = text.find(name, end)
        if len(self._starts) == 1:
            return [each for each in self._part(0) if name in _names(each)]
        return found

    def _may_bind(self, name: str, start: int, end: int) -> bool:
        """Whether a part in which the name stands may bind it."""
        text = self._source.text
        if text[start] == "@":
            head = _DECORATED.search(text, start, end)
        else:
            head = _DEFINES.match(text, start, end)
        if head:
            return head[1] == name
        head = _SETS.match(text, start, end)
        if not head or head[1] == name or _is_behind_semicolon(name, text[head.end() : end]):
            return True
        return bool(_SETS_MORE.match(text, head.end(), end))

    def _part(self, part: int) -> list[ast.stmt]:
        """One part's statements; all of them, where the module is not cut or was cut wrongly."""
        if part not in self._parsed:
            end = self._starts[part + 1] if part + 1 < len(self._starts) else None
            text = self._source.text[self._starts[part] : end]
            try:
                self._parsed[part] = _moved(python.parse(Source(self.path, text)).body)
            except Unreadable:
                if len(self._starts) == 1:
                    self._parsed[0] = []  # it is no Python
                else:
                    self._starts = [0]
                    self._parsed.clear()
                    return self._part(0)
        return self._parsed[part]


def _is_behind_semicolon(name: str, text: str) -> bool:
    return ";" in text and any(name in line.partition(";")[2] for line in text.split("\n") if ";" in line)


_PLACELESS = frozenset({ast.arguments, ast.comprehension, ast.withitem, ast.match_case})
_LEAVES = frozenset({str, int, type(None)}).union(
    *(of.__subclasses__() for of in (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop))
)


def _moved(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements with their lines far away; `ast.increment_lineno` takes five times as long."""
    pending: list[Any] = list(statements)
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is ast.Name or kind is ast.Constant:
            node.lineno += FAR
        elif kind not in _LEAVES:
            for value in node.__dict__.values():
                if type(value) is list:
                    pending += value
                elif type(value) not in _LEAVES:
                    pending.append(value)
            if kind not in _PLACELESS:
                node.lineno += FAR
    return statements


def _names(statement: ast.stmt) -> Iterator[str]:
    """The names that a module's statement binds; "*" for those of a star import."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
    else:
        for field in ("body", "orelse", "finalbody", "handlers"):
            for inner in getattr(statement, field, ()):
                yield from _names(inner)


def is_far(node: Any) -> bool:
    """Whether a node stands in another file."""
    return bool(node.lineno >= FAR)

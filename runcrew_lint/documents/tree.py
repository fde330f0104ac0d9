"""The positioned tree that YAML, JSON and TOML documents become."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span

PlainScalar = str | int | float | bool | None
_FEW = 16  # entries that are looked through sooner than a table of them is made


@frozen
class Scalar:
    """One value; `style` is the quote or block mark it was written with, or ''."""

    span: Span
    value: PlainScalar
    style: str = ""


@frozen
class Entry:
    """One key and its value in a mapping, in the order written; duplicates are kept."""

    key: Scalar
    value: Node

    @property
    def span(self) -> Span:
        """From the key's first character to the value's last; the key alone where an alias stands."""
        aliased = self.value.span.start < self.key.span.start
        return self.key.span if aliased else self.key.span.cover(self.value.span)


@frozen
class Mapping:
    """Keys and values; `get` answers with the last of a duplicated key, as parsers do."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """The entry that counts for `key`."""
        if len(self.entries) > _FEW:
            return self._counting.get(key)
        for entry in reversed(self.entries):
            if entry.key.value == key:
                return entry
        return None

    def get(self, key: str) -> Node | None:
        """The value that counts for `key`."""
        entry = self.entry(key)
        return entry.value if entry else None

    def effective(self) -> Iterator[Entry]:
        """The entries that count: of a duplicated key, the last."""
        return iter(self._counting.values())

    @cached_property
    def _counting(self) -> dict[PlainScalar, Entry]:
        return {entry.key.value: entry for entry in self.entries}

    def duplicates(self) -> Iterator[Entry]:
        """The entries whose key stood before."""
        seen: set[PlainScalar] = set()
        for entry in self.entries:
            if entry.key.value in seen:
                yield entry
            seen.add(entry.key.value)


@frozen
class Sequence:
    """Values in order."""

    span: Span
    items: tuple[Node, ...]


Node = Scalar | Mapping | Sequence


def plain(node: Node) -> Any:
    """The tree as dicts, lists and scalars, without places."""
    if isinstance(node, Mapping):
        return {entry.key.value: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def at(node: Node | None, *path: str | int) -> Node | None:
    """The node at a path of keys and indexes, or None where the path leaves the tree."""
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def text_at(node: Node | None, *path: str | int) -> str | None:
    """The string at a path, or None where there is none or it is no string."""
    found = at(node, *path)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Mapping):
            stack.extend(entry.value for entry in reversed(current.entries))
        elif isinstance(current, Sequence):
            stack.extend(reversed(current.items))

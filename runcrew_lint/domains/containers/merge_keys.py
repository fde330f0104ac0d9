"""Mappings with YAML's merge key (`<<`) followed: what a mapping says once its anchors are read."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Entry, Mapping, Node, Sequence


def effective(node: Node | None) -> dict[str, Entry]:
    """The entries that count, by key: a mapping's own win, then the first that is merged in.

    Anything but a mapping has none. Source: yaml.org/type/merge.html.
    """
    found: dict[str, Entry] = {}
    if isinstance(node, Mapping):
        for mapping in _sources(node):
            for entry in mapping.effective():
                key = entry.key.value
                if key != "<<" and key is not None:
                    found.setdefault(str(key), entry)
    return found


def _sources(node: Mapping) -> Iterator[Mapping]:
    """The mapping, then what it merges in, nearest first; without recursion, for anchors chain at will."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Sequence):
            waiting.extend(reversed(current.items))
        elif isinstance(current, Mapping):
            yield current
            waiting.extend(entry.value for entry in current.entries if entry.key.value == "<<")

"""The pairs of YAML and JSON: keys and values, `name`/`value` items, `NAME=value` list items."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence
from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.text import Span

_NAMES = ("name", "Name", "key", "Key")
_VALUES = ("value", "Value", "default", "defaultValue", "ParameterValue")
_MOST = 200_000  # nodes looked at once aliases are followed


def pairs(text: str, root: Node) -> Iterator[Pair]:
    """Every scalar that a key, or a `name` beside it, gives a name to."""
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    seen = 0
    while stack and seen < _MOST:
        node, keys = stack.pop()
        seen += 1
        if isinstance(node, Mapping):
            yield from _beside(text, node, keys)
            for entry in node.entries:
                name = str(entry.key.value)
                if isinstance(entry.value, Scalar):
                    if (given := value_of(text, entry.value)) is not None:
                        yield Pair(name, *given, keys)
                else:
                    stack.append((entry.value, (*keys, name)))
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Scalar):
                    yield from _assigned(text, item, keys)
                else:
                    stack.append((item, keys))


def value_of(text: str, scalar: Scalar) -> tuple[str, Span] | None:
    """A scalar's text and the characters that hold it, quotes, tag and anchor not included."""
    if scalar.value is None or isinstance(scalar.value, bool):
        return None
    written = text[scalar.span.start : scalar.span.end]
    if isinstance(scalar.value, str) and scalar.style in ('"', "'"):
        opening = written.find(scalar.style)
        return scalar.value, Span(scalar.span.start + opening + 1, scalar.span.end - 1)
    if scalar.style in ("|", ">"):
        body = written.find("\n") + 1
        inset = body + len(written[body:]) - len(written[body:].lstrip())
        return str(scalar.value).strip(), Span(scalar.span.start + inset, scalar.span.end)
    plain = scalar.value if isinstance(scalar.value, str) else written
    skipped = max(written.find(plain), 0)
    return plain, Span(scalar.span.start + skipped, scalar.span.end)


def _beside(text: str, node: Mapping, keys: tuple[str, ...]) -> Iterator[Pair]:
    name = next((found.value for each in _NAMES if isinstance(found := node.get(each), Scalar)), None)
    value = next((found for each in _VALUES if isinstance(found := node.get(each), Scalar)), None)
    if isinstance(name, str) and value is not None and (given := value_of(text, value)) is not None:
        yield Pair(name, *given, keys)


def _assigned(text: str, item: Scalar, keys: tuple[str, ...]) -> Iterator[Pair]:
    """`NAME=value` as Compose, Docker and Kubernetes arguments write it."""
    if not isinstance(item.value, str) or item.style in ("|", ">"):
        return
    given = value_of(text, item)
    name, equals, value = item.value.partition("=")
    if given and equals and name and " " not in name:
        span = given[1]
        yield Pair(name.lstrip("-"), value, Span(max(span.start, span.end - len(value)), span.end), keys)

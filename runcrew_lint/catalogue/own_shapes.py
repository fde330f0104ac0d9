"""What a team's own rules say of a file: of its text, or of the values at a path of its documents.

A rule is a kind of fact of its own, so that its verdict on a file is kept until the file or the rule changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from runcrew_lint.catalogue.declarative import Reader, ShapeFault, Shapes, shape_kind
from runcrew_lint.digests import blake2b
from runcrew_lint.documents import tree
from runcrew_lint.documents.linear import matcher
from runcrew_lint.documents.select import Part, absent, select, steps_of
from runcrew_lint.documents.tree import Node, plain
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.rule import Rule, Scope
from runcrew_lint.policy.globs import Glob, glob_pattern
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_VERSION = 1  # raised whenever a rule's answer for some file changes
_MOST = 50  # findings of one rule in one file; the last one says how many more there are
_WIDTH = 60  # characters of a value that a message shows
_SUFFIXES = {"yaml": "yaml", "yml": "yaml", "json": "json", "toml": "toml"}

Words = Mapping[str, Any]


def own_kinds(rules: Iterable[Rule]) -> dict[str, tuple[FactKind, Reader]]:
    """A fact kind and its reader for every rule that chooses its files by globs."""
    return {
        shape_kind(rule.reads[0]): _kind(rule) for rule in rules if rule.home and rule.scope is Scope.SHAPE
    }


def _kind(rule: Rule) -> tuple[FactKind, Reader]:
    shape = rule.shape or {}
    said = json.dumps([_VERSION, rule.name, shape], sort_keys=True, default=str)
    kind = FactKind(
        shape_kind(rule.reads[0]),
        "Shapes",
        reader="",
        claims=_Claims(*(tuple(map(glob_pattern, shape.get(key, ()))) for key in ("files", "except"))),
        needles=_needles(shape),
        version=int.from_bytes(blake2b(said.encode(), digest_size=6).digest(), "big"),
        sweeps="select" not in shape,  # a plug-in's rule reads any text, too
    )

    def read(source: Source, _reading: Reading) -> Shapes | None:
        whole = tuple(rule.check(source)) if rule.check else ()
        faults = () if rule.check else tuple(_judged(rule.name, shape, source))
        return Shapes(source.path, faults, whole) if faults or whole else None

    return kind, read


class _Claims(NamedTuple):
    """The files that a rule judges."""

    files: tuple[Glob, ...]
    excepted: tuple[Glob, ...]

    def match(self, path: str, /) -> bool:
        """Whether a path is one of them."""
        unwanted = any(glob.match(path) for glob in self.excepted)
        return not unwanted and any(glob.match(path) for glob in self.files)


def _needles(shape: Words) -> tuple[bytes, ...]:
    """A file without the characters that a text must not hold needs no look."""
    refused = shape.get("must_not", {})
    alone = "select" not in shape and "must" not in shape and set(refused) == {"contain"}
    return (str(refused["contain"]).encode(),) if alone else ()


def _judged(name: str, shape: Words, source: Source) -> Iterator[ShapeFault]:
    """The faults of one file, each part of it once."""
    parts = _in_documents(shape, source) if "select" in shape else _in_text(shape, source)
    found = list(dict.fromkeys((part.key, part.span, _shown(part.node)) for part in parts))
    for at, (key, span, value) in enumerate(found[:_MOST], 1):
        more = f"; and so in {len(found) - at:,} places more of this file" if at == _MOST < len(found) else ""
        said = shape["message"].strip().replace("{key}", key).replace("{value}", value)
        yield ShapeFault(name, span, said + more, key)


def _in_text(shape: Words, source: Source) -> Iterator[Part]:
    """Where the text holds what it must not; its first line where it lacks what it must hold."""
    for word, wanted in shape.get("must", {}).items():
        if next(_spots(word, wanted, source), None) is None:
            yield _spot(source, Span(0, len(source.line(1))))
            break
    for word, wanted in shape.get("must_not", {}).items():
        yield from _spots(word, wanted, source)


def _spots(word: str, wanted: Any, source: Source) -> Iterator[Part]:
    if word == "contain":
        for found in re.finditer(re.escape(str(wanted)), source.text):
            yield _spot(source, Span(*found.span()))
        return
    matches = matcher(wanted)
    for number in range(1, len(source.line_starts) + 1):
        line = source.line(number)
        if matches(line):
            start = source.offset(number) + len(line) - len(line.lstrip())
            yield _spot(source, Span(start, start + len(line.strip())))


def _spot(source: Source, span: Span) -> Part:
    line = source.line(source.position(span.start).line).strip()
    return Part("", tree.Scalar(span, line), span)


def _in_documents(shape: Words, source: Source) -> Iterator[Part]:
    steps = steps_of(shape["select"])
    must, must_not = shape.get("must", {}), shape.get("must_not", {})
    for root in documents_of(source, shape.get("format", "")):
        if all(_is_so(root, path, wanted) for path, wanted in shape.get("where", {}).items()):
            if "exist" in must:
                yield from absent(root, steps)
            for part in select(root, steps):
                lacks = not all(_holds(word, wanted, part.node) for word, wanted in must.items())
                if lacks or any(_holds(word, wanted, part.node) for word, wanted in must_not.items()):
                    yield part


def documents_of(source: Source, form: str = "") -> Sequence[Node]:
    """The documents of a file, by the format that is said or that its name says.

    Errors:
        Unreadable where it does not read, or where nobody knows its format.
    """
    form = form or _SUFFIXES.get(source.path.rpartition(".")[2].lower(), "")
    if form == "yaml":
        from runcrew_lint.documents import yaml

        return source.derive(yaml.parse_all)
    if form == "json":
        from runcrew_lint.documents import json as json_document

        return (source.derive(json_document.parse),)
    if form == "toml":
        from runcrew_lint.documents import toml

        return (source.derive(toml.parse),)
    raise Unreadable("a rule asks for its values, and its name does not say whether it is YAML, JSON or TOML")


def _is_so(root: Node, path: str, wanted: Any) -> bool:
    return any(_is_one(part.node, wanted) for part in select(root, steps_of(path)))


def _holds(word: str, wanted: Any, node: Node) -> bool:
    if word == "exist":
        return True
    if word == "be":
        return _is_one(node, wanted)
    if word == "match":
        return isinstance(node, tree.Scalar) and matcher(wanted)(_text(node.value))
    if isinstance(node, tree.Mapping):
        return any(_text(entry.key.value) == _text(wanted) for entry in node.entries)
    if isinstance(node, tree.Sequence):
        return any(_same(plain(item), wanted) for item in node.items)
    return isinstance(node.value, str) and str(wanted) in node.value


def _is_one(node: Node, wanted: Any) -> bool:
    return any(_same(plain(node), each) for each in (wanted if isinstance(wanted, list) else [wanted]))


def _same(value: Any, wanted: Any) -> bool:
    """Equal as JSON has it: `true` is not 1."""
    return isinstance(value, bool) is isinstance(wanted, bool) and bool(value == wanted)


def _text(value: Any) -> str:
    """A scalar as the document writes it, but for its quotes."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def _shown(node: Node) -> str:
    if isinstance(node, tree.Scalar):
        text = " ".join(_text(node.value).split())
        return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
    return "a map" if isinstance(node, tree.Mapping) else "a list"

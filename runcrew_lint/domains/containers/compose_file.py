"""One compose file as it is written: what is wrong with its shape, what it declares and what it names.

Source: docs.docker.com/reference/compose-file (services, volumes, networks, secrets, configs, include).
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import schema, yaml
from runcrew_lint.documents.schema import Problem
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence, walk
from runcrew_lint.domains.containers.merge_keys import effective
from runcrew_lint.domains.fact import Reading
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

# `ports: !reset null` takes a value away that the file below has: no shape to judge.
_RESET = lazily(r"\s*:\s*(?:&\S+\s+)?!reset\b")
_SECTIONS = {
    "services": "service",
    "volumes": "volume",
    "networks": "network",
    "secrets": "secret",
    "configs": "config",
}
_NAMED_VOLUME = lazily(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]*):/")
_MODES = lazily(r"service:(?P<name>[\w.-]+)")


class Named(NamedTuple):
    """A name with its kind (service, volume, network, secret, config, env_file, build) and its place."""

    kind: str
    name: str
    span: Span


@frozen
class ComposeFile:
    """One file.

    Arguments:
        problems: where its shape is not compose's, in reading order.
        declared, used: names at the top, and names that its services ask for.
        version: the key `version`, where there is one.
        includes: whether other files are read with it by its own word.
    """

    path: str
    problems: tuple[Problem, ...]
    declared: tuple[Named, ...]
    used: tuple[Named, ...]
    version: Span | None
    includes: bool


def read(source: Source, reading: Reading) -> ComposeFile | None:
    """The file, or None where it is no mapping or has nothing of compose's at its top.

    Errors:
        Unreadable where it is not YAML.
    """
    document = source.derive(yaml.parse)
    if not isinstance(document, Mapping) or not effective(document).keys() & {
        *_SECTIONS,
        "service",
        "include",
    }:
        return None
    top = effective(document)
    version = top.get("version")
    return ComposeFile(
        source.path,
        _problems(source, document),
        tuple(_declared(document)),
        tuple(_used(document)),
        version.span if version else None,
        "include" in top,
    )


def _problems(source: Source, document: Node) -> tuple[Problem, ...]:
    found: dict[Span, Problem] = {}
    for node in walk(document):
        for entry in node.duplicates() if isinstance(node, Mapping) else ():
            if entry.key.value != "<<":
                said = f"the key `{entry.key.value}` stands here twice"
                found.setdefault(entry.key.span, Problem(entry.key.span, said))
    for each in schema.problems("compose", _Merged(source).node(document)):
        found.setdefault(each.span, each)
    return tuple(sorted(found.values()))


class _Merged:
    """Makes the tree that counts: merge keys followed, each shared part made once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.made: dict[int, Node] = {}

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return node
        if id(node) not in self.made:
            self.made[id(node)] = self._made(node)
        return self.made[id(node)]

    def _made(self, node: Mapping | Sequence) -> Node:
        if isinstance(node, Sequence):
            return Sequence(node.span, tuple(self.node(item) for item in node.items))
        kept = (
            each for each in effective(node).values() if not _RESET.match(self.source.text, each.key.span.end)
        )
        return Mapping(node.span, tuple(Entry(each.key, self.node(each.value)) for each in kept))


def _declared(document: Mapping) -> Iterator[Named]:
    top = effective(document)
    for section, kind in _SECTIONS.items():
        for name, entry in effective(top[section].value if section in top else None).items():
            yield Named(kind, name, entry.key.span)


def _used(document: Mapping) -> Iterator[Named]:
    services = effective(document).get("services")
    for entry in effective(services.value if services else None).values():
        parts = {key: each.value for key, each in effective(entry.value).items()}
        yield from _names("service", parts.get("depends_on"))
        yield from _names("network", parts.get("networks"))
        yield from _sourced("secret", parts.get("secrets"))
        yield from _sourced("config", parts.get("configs"))
        yield from _volumes(parts.get("volumes"))
        yield from _env_files(parts.get("env_file"))
        built = parts.get("build")
        inner = effective(built)
        yield from _names(
            "build",
            inner["context"].value if "context" in inner else built if isinstance(built, Scalar) else None,
        )
        mode = parts.get("network_mode")
        match = (
            _MODES.fullmatch(mode.value) if isinstance(mode, Scalar) and isinstance(mode.value, str) else None
        )
        if match and mode:
            yield Named("service", match["name"], mode.span)
        extended = effective(parts.get("extends"))
        if "service" in extended and "file" not in extended:
            yield from _names("service", extended["service"].value)


def _names(kind: str, node: Node | None) -> Iterator[Named]:
    """The names of a list, of a mapping's keys, or one alone; what a variable hides is left out."""
    if isinstance(node, Mapping):
        for name, entry in effective(node).items():
            optional = effective(entry.value).get("required")
            if not (optional and isinstance(optional.value, Scalar) and optional.value.value is False):
                yield Named(kind, name, entry.key.span)
        return
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str) and "$" not in item.value:
            yield Named(kind, item.value, item.span)


def _sourced(kind: str, node: Node | None) -> Iterator[Named]:
    """Names in a list, alone or as the `source` of a mapping."""
    for item in node.items if isinstance(node, Sequence) else ():
        source = effective(item).get("source")
        yield from _names(kind, source.value if source else item if isinstance(item, Scalar) else None)


def _volumes(node: Node | None) -> Iterator[Named]:
    for item in node.items if isinstance(node, Sequence) else ():
        parts = effective(item)
        if isinstance(item, Scalar) and isinstance(item.value, str):
            match = _NAMED_VOLUME.match(item.value)
            if match:
                yield Named("volume", match["name"], item.span)
        elif _text(parts, "type") == "volume" and "source" in parts:
            yield from _names("volume", parts["source"].value)


def _env_files(node: Node | None) -> Iterator[Named]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        parts = effective(item)
        if "path" in parts and _text(parts, "required") != "false":
            yield from _names("env_file", parts["path"].value)
        elif isinstance(item, Scalar):
            yield from _names("env_file", item)


def _text(parts: dict[str, Entry], key: str) -> str:
    node = parts[key].value if key in parts else None
    return str(node.value).lower() if isinstance(node, Scalar) and node.value is not None else ""

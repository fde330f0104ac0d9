"""One compose file's services, each value lifted with its place, before any merging."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Variables
from dataclasses import field

from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from runcrew_lint.domains.containers import ports
from runcrew_lint.domains.containers.interpolation import interpolate
from runcrew_lint.domains.containers.merge_keys import effective
from runcrew_lint.domains.containers.project import (
    Build,
    Command,
    Dependency,
    Healthcheck,
    Mount,
    Port,
    Service,
    Text,
    Variable,
)
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Source, Span
from runcrew_lint.tuples import NamedTuple

# `ports: !reset []` takes a layer's values away, `!override` puts others in their place.
_TAG = lazily(r"\s*:\s*(?:&\S+\s+)?!(reset|override)\b")


@frozen
class Layer:
    """A service as one file writes it: `extends` names another (file, service), `replaced` the fields
    that take nothing from the layers below.
    """

    service: Service
    extends: tuple[str, str] | None = None
    replaced: frozenset[str] = field(default_factory=frozenset)
    provided: bool = False


class Bind(NamedTuple):
    """What a named volume is bound to by the options of its driver."""

    device: str
    read_only: bool


class Lifter:
    """Lifts the services of one file; `variables` are those of the `.env` beside it."""

    def __init__(self, source: Source, variables: Variables[str, str]) -> None:
        self.source, self.variables = source, variables
        self.binds: dict[str, Bind] = {}

    def layers(self, document: Node) -> dict[str, Layer]:
        """The services by name."""
        self.binds = dict(self._binds(effective(document).get("volumes")))
        services = effective(document).get("services")
        found: dict[str, Layer] = {}
        for name, entry in effective(services.value if services else None).items():
            if isinstance(entry.value, Mapping):
                found[name] = self._layer(name, self._place(entry.key.span), entry.value)
        return found

    def _layer(self, name: str, place: Place, node: Mapping) -> Layer:
        parts = {key: entry.value for key, entry in effective(node).items()}
        tags = {key: self._tag(entry.key.span) for key, entry in effective(node).items()}
        for key, tag in tags.items():
            if tag == "reset":
                parts.pop(key)
        service = Service(
            name,
            place,
            (self.source.path,),
            image=self._text(parts.get("image")),
            build=self._build(parts.get("build")),
            ports=tuple(self._ports(parts.get("ports"))),
            environment=tuple(self._variables(parts.get("environment"))),
            env_files=tuple(self._env_files(parts.get("env_file"))),
            volumes=tuple(self._mounts(parts.get("volumes"))),
            depends_on=tuple(self._dependencies(parts.get("depends_on"))),
            healthcheck=self._healthcheck(parts.get("healthcheck")),
            command=self._command(parts.get("command")),
            entrypoint=self._command(parts.get("entrypoint")),
            profiles=tuple(text.value or "" for text in self._texts(parts.get("profiles"))),
            network_mode=self._string(parts.get("network_mode")),
            restart=self._string(parts.get("restart")),
            privileged=self._text(parts.get("privileged")),
            pid=self._text(parts.get("pid")),
            cap_add=tuple(self._texts(parts.get("cap_add"))),
            cap_drop=tuple(self._texts(parts.get("cap_drop"))),
            watched="watch" in effective(parts.get("develop")),
        )
        replaced = frozenset(key for key, tag in tags.items() if tag)
        return Layer(service, self._extends(parts.get("extends")), replaced, provided="provider" in parts)

    def _place(self, span: Span) -> Place:
        return Place(self.source.path, span)

    def _tag(self, key: Span) -> str:
        match = _TAG.match(self.source.text, key.end)
        return match[1] if match else ""

    def _text(self, node: Node | None) -> Text | None:
        if not isinstance(node, Scalar) or node.value is None:
            return None
        written = node.value if isinstance(node.value, str) else self.source.text[slice(*node.span)]
        value, unknown = interpolate(written, self.variables)
        return Text(written, None if unknown else value, unknown, self._place(node.span))

    def _string(self, node: Node | None) -> str:
        text = self._text(node)
        return (text.value or "") if text else ""

    def _texts(self, node: Node | None) -> Iterator[Text]:
        for item in node.items if isinstance(node, Sequence) else (node,):
            text = self._text(item)
            if text:
                yield text

    def _build(self, node: Node | None) -> Build | None:
        if isinstance(node, Scalar) and node.value is not None:
            return Build(self._text(node), None, None, (), self._place(node.span))
        if not isinstance(node, Mapping):
            return None
        parts = {key: entry.value for key, entry in effective(node).items()}
        context, dockerfile, target = (
            self._text(parts.get(key)) for key in ("context", "dockerfile", "target")
        )
        return Build(
            context, dockerfile, target, tuple(self._variables(parts.get("args"))), self._place(node.span)
        )

    def _ports(self, node: Node | None) -> Iterator[Port]:
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Mapping):
                yield self._long_port(item)
            elif isinstance(item, Scalar) and item.value is not None:
                written = self.source.text[slice(*item.span)]
                text = item.value if isinstance(item.value, str) else written
                yield ports.short(interpolate(text, self.variables)[0], written, self._place(item.span))

    def _long_port(self, node: Mapping) -> Port:
        parts = {key: self._text(entry.value) for key, entry in effective(node).items()}
        target, published, host = parts.get("target"), parts.get("published"), parts.get("host_ip")
        first, last = ports.bounds((target.value or "") if target else "")
        return Port(
            host.value if host else "",
            (published.value or published.written) if published else "",
            first,
            last,
            self._string(effective(node)["protocol"].value) if "protocol" in parts else "tcp",
            "",
            self._place(node.span),
        )

    def _variables(self, node: Node | None) -> Iterator[Variable]:
        if isinstance(node, Mapping):
            for name, entry in effective(node).items():
                yield Variable(name, self._text(entry.value), self._place(entry.span))
        for item in node.items if isinstance(node, Sequence) else ():
            text = self._text(item)
            if text:
                yield self._listed(text)

    def _listed(self, text: Text) -> Variable:
        """`NAME=value` of a list, or a NAME that the shell gives its value."""
        name, equals, written = text.written.partition("=")
        if not equals:
            return Variable(name, None, text.place)
        value = None if text.value is None else text.value.partition("=")[2]
        return Variable(name, Text(written, value, text.unknown, text.place), text.place)

    def _env_files(self, node: Node | None) -> Iterator[Text]:
        for item in node.items if isinstance(node, Sequence) else (node,):
            inner = effective(item).get("path")
            text = self._text(inner.value if inner else item)
            if text:
                yield text

    def _mounts(self, node: Node | None) -> Iterator[Mount]:
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Mapping):
                parts = {key: entry.value for key, entry in effective(item).items()}
                mount = Mount(
                    self._string(parts.get("type")) or "volume",
                    self._string(parts.get("source")),
                    self._string(parts.get("target")),
                    self._string(parts.get("read_only")) == "true",
                    self._place(item.span),
                    _is_variable(parts.get("source")),
                )
                yield self._bound(mount)
            elif text := self._text(item):
                mount = _short_mount(interpolate(text.written, self.variables)[0], text.place)
                yield self._bound(mount._replace(variable=text.written.startswith("$")))

    def _bound(self, mount: Mount) -> Mount:
        """The mount as it is: a volume that is bound to a folder is that folder."""
        bind = self.binds.get(mount.source) if mount.kind == "volume" else None
        if bind is None:
            return mount
        return mount._replace(kind="bind", source=bind.device, read_only=mount.read_only or bind.read_only)

    def _binds(self, volumes: Entry | None) -> Iterator[tuple[str, Bind]]:
        """The volumes that are bound to a path of the host; only the driver `local` reads `device` as one."""
        for name, entry in effective(volumes.value if volumes else None).items():
            parts = {key: each.value for key, each in effective(entry.value).items()}
            options = effective(parts.get("driver_opts"))
            told = {key: self._string(each.value) for key, each in options.items()}
            how = [each.strip() for each in told.get("o", "").split(",")]
            local = self._string(parts.get("driver")) in ("", "local")
            if local and told.get("device") and not {"bind", "rbind"}.isdisjoint(how):
                yield name, Bind(told["device"], "ro" in how)

    def _dependencies(self, node: Node | None) -> Iterator[Dependency]:
        if isinstance(node, Sequence):
            for text in self._texts(node):
                yield Dependency(text.value or text.written, "service_started", text.place)
        for name, entry in effective(node).items():
            condition = effective(entry.value).get("condition")
            said = self._string(condition.value) if condition else "service_started"
            yield Dependency(name, said, self._place(entry.span))

    def _healthcheck(self, node: Node | None) -> Healthcheck | None:
        if not isinstance(node, Mapping):
            return None
        parts = {key: entry.value for key, entry in effective(node).items()}
        test = tuple(text.value or text.written for text in self._texts(parts.get("test")))
        disabled = self._string(parts.get("disable")) == "true" or test[:1] == ("NONE",)
        return Healthcheck(test, disabled, self._place(node.span))

    def _command(self, node: Node | None) -> Command | None:
        words = tuple(text.value for text in self._texts(node))
        if node is None or not words:
            return None
        return Command(words, self._place(node.span))

    def _extends(self, node: Node | None) -> tuple[str, str] | None:
        if isinstance(node, Mapping):
            parts = {key: self._string(entry.value) for key, entry in effective(node).items()}
            return parts.get("file", ""), parts.get("service", "")
        name = self._string(node)
        return ("", name) if name else None


def _is_variable(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("$")


def _short_mount(value: str, place: Place) -> Mount:
    """`[source:]target[:options]`; a source that is a path is a bind mount."""
    source, target, options = (["", value, ""] if ":" not in value else [*value.split(":"), ""])[:3]
    kind = "bind" if source[:1] in ("/", ".", "~") and source else "volume"
    return Mount(kind, source, target, "ro" in options.split(","), place)

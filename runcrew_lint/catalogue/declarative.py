"""Rules without Python: a part of the document must have this shape.

`select` is a path of steps joined by dots (documents/select.py: `jobs.*`, `services.*.ports`); `expect` is a
JSON Schema that each selected part must satisfy; `message` may name `{key}`, the last step of the part's
path; `together`, where there is one, is said once of all parts of a file that fail, `{count}` being how many
there are beside the first; `insert` names the `key`, `value` and `after` of a fix that adds a key. The faults
of all such rules of one kind are one fact, `Shapes`, so that a warm run judges them without parsing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from runcrew_lint.digests import blake2b
from runcrew_lint.documents.schema import holds
from runcrew_lint.documents.select import select
from runcrew_lint.documents.tree import Node
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.model.rule import Rule, Scope
from runcrew_lint.text import Place, Source, Span

_SHOWN = 3  # further parts that are pointed at; the last of them says how many more there are
Options = Mapping[str, Any]


@frozen
class ShapeFault:
    """One part of a document that has not the shape a rule expects."""

    rule: str
    span: Span
    message: str
    key: str = ""


@frozen
class Shapes:
    """What the declarative rules of one kind say of one file; `whole` is what a plug-in's rule says of it."""

    path: str
    faults: tuple[ShapeFault, ...]
    whole: tuple[Fault, ...] = ()

    def of(self, rule: Rule, options: Options) -> Iterator[Fault]:
        """One rule's faults, or one for all of them."""
        yield from self.whole
        found = [each for each in self.faults if each.rule == rule.name]
        together = (rule.shape or {}).get("together")
        if together and len(found) > 1:
            yield self._together(rule, found, str(together), options)
            return
        for each in found:
            place = Place(self.path, each.span)
            yield Fault(place, each.message, mend=_mend(rule, [place], options))

    def _together(self, rule: Rule, found: list[ShapeFault], message: str, options: Options) -> Fault:
        places = [Place(self.path, each.span) for each in found]
        left = len(found) - 1 - _SHOWN
        related = [Related(place, "and here") for place in places[1 : _SHOWN + 1]]
        if left > 0:
            related[-1] = Related(related[-1].place, f"and here, and in {left} more")
        said = message.replace("{key}", found[0].key).replace("{count}", str(len(found) - 1))
        return Fault(places[0], said, tuple(related), mend=_mend(rule, places, options))


Reader = Callable[[Source, Reading], Shapes | None]


def _mend(rule: Rule, places: list[Place], options: Options) -> MendRequest | None:
    """The key that the rule's `insert` adds; `{option}` in its words stands for the option's value."""
    insert = (rule.shape or {}).get("insert")
    if not insert:
        return None
    told = {key: str(word).format(**options) for key, word in insert.items()}
    title = f"adds `{told['key']}: {told['value']}`"
    arguments = (("title", title), ("safety", rule.fix), *told.items())
    if len(places) == 1:
        return MendRequest("yaml.insert_key", places[0], arguments)
    holders = ("holders", tuple(tuple(place.span) for place in places))
    return MendRequest("yaml.insert_keys", places[0], (*arguments, holders))


def shape_kind(on: str) -> str:
    """The kind of fact that holds the declarative verdicts on documents of kind `on`."""
    return f"{on}-shapes"


def shape_kinds(rules: Iterable[Rule]) -> dict[str, tuple[FactKind, Reader]]:
    """A fact kind and its reader for every document kind that some rule judges by shape."""
    grouped: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.scope is Scope.SHAPE and not rule.home:
            grouped.setdefault(rule.reads[0], []).append(rule)
    return {shape_kind(on): _kind(on, tuple(group)) for on, group in grouped.items()}


def _kind(on: str, rules: tuple[Rule, ...]) -> tuple[FactKind, Reader]:
    said = json.dumps([[rule.name, rule.shape] for rule in rules], sort_keys=True)
    version = int.from_bytes(blake2b(said.encode(), digest_size=6).digest(), "big")
    base = KINDS[on]
    name = shape_kind(on)
    kind = replace(base, name=name, fact="Shapes", reader="", version=version, settings=())

    def read(source: Source, _reading: Reading) -> Shapes | None:
        root = source.derive(_parser(source.path))
        faults = tuple(fault for rule in rules for fault in _judge(rule, root))
        return Shapes(source.path, faults) if faults else None

    return kind, read


def _parser(path: str) -> Callable[[Source], Node]:
    if path.endswith(".json"):
        from runcrew_lint.documents import json as json_document

        return json_document.parse
    from runcrew_lint.documents import yaml as yaml_document

    return yaml_document.parse


def _judge(rule: Rule, root: Node) -> Iterator[ShapeFault]:
    shape = rule.shape or {}
    for key, node, span in select(root, shape["select"].split(".")):
        if not holds(json.dumps(shape["expect"]), node):
            yield ShapeFault(rule.name, span, shape["message"].replace("{key}", key), key)

"""Where a document has not the shape that one of our JSON Schemas asks for, and what was meant.

One fault is one problem: of alternatives the nearest is explained, of several keywords that fail at
one place the first. A subschema's `x-help` says in its own words what is wrong when one of its
keywords fails; its `description` names the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from runcrew_lint.data import data_path
from runcrew_lint.documents.tree import Mapping, Node, Sequence
from runcrew_lint.nearest import nearest
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

_TYPES = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_ALTERNATIVES = ("anyOf", "oneOf")
MOST = 300  # problems that are explained, at about a millisecond each: no person reads more of one file
_SHOWN = 8  # names listed before the rest is left out


class Problem(NamedTuple):
    """One place that is wrong; `key` is the key that was probably meant, where there is one.

    `slight` says that it is idle, and changes nothing of what happens.
    """

    span: Span
    message: str
    key: str = ""
    slight: bool = False


def problems(schema_name: str, node: Node) -> tuple[Problem, ...]:
    """What is wrong with a document, in reading order.

    Arguments:
        schema_name: such as "workflow", for schemas/workflow.schema.json.
        node: the document's root.
    """
    value = _value(node)
    if _verdict(_text_of(schema_name), value):
        return ()
    found: dict[tuple[Span, str], tuple[Problem, tuple[Any, ...]]] = {}
    refused = islice(_explainer(schema_name).iter_errors(value), MOST)
    errors = [leaf for error in refused for leaf in _leaves(error)]
    told = ((problem, error) for error in sorted(errors, key=_gravity) for problem in _problems(error, node))
    for problem, error in islice(told, MOST):
        found.setdefault((problem.span, _missing(error)), (problem, tuple(error.absolute_path)))
    # A key that is missing because it is misspelt beside is one fault.
    meant = {(path, problem.key) for problem, path in found.values() if problem.key}
    kept = [problem for (_, missing), (problem, path) in found.items() if (path, missing) not in meant]
    if next(told, None) or len(errors) >= MOST:
        start = Span(node.span.start, node.span.start)
        kept.append(
            Problem(start, f"so much is wrong with this file that no more than {MOST} places are told")
        )
    return tuple(sorted(kept))


def holds(schema: str, node: Node) -> bool:
    """Whether a part of a document has the shape that a JSON Schema, given as JSON text, asks for."""
    return _verdict(schema, _value(node))


def _verdict(schema: str, value: Any) -> bool:
    """jsonschema-rs judges; it takes a tenth of a millisecond where jsonschema, which explains, takes ten.

    Both agree: tests/schemas holds them to one verdict. What it can't take over (a number beyond its
    range) is left to jsonschema.
    """
    try:
        valid: bool = _judge(schema).is_valid(value)
    except ValueError:
        return False
    return valid


@cache
def _judge(schema: str) -> Any:
    import jsonschema_rs  # a cold read alone pays for the import

    return jsonschema_rs.validator_for(json.loads(schema))


@cache
def _text_of(schema_name: str) -> str:
    return data_path(f"schemas/{schema_name}.schema.json").read_text("utf-8")


@cache
def _explainer(schema_name: str) -> Any:
    import jsonschema  # only a refusal pays for the import

    schema = json.loads(_text_of(schema_name))
    return jsonschema.validators.validator_for(schema)(_inlined(schema, schema, {}))


def _inlined(part: Any, schema: dict[str, Any], done: dict[str, Any]) -> Any:
    """The schema with each `$ref` replaced by what it names: looking them up takes half of the time."""
    if isinstance(part, list):
        return [_inlined(each, schema, done) for each in part]
    if not isinstance(part, dict):
        return part
    name = part.get("$ref")
    if not isinstance(name, str):
        return {key: _inlined(value, schema, done) for key, value in part.items() if key != "definitions"}
    if name not in done:
        done[name] = {}  # a definition may hold itself: it is filled below
        target: Any = schema
        for step in name.removeprefix("#/").split("/"):
            target = target[step]
        done[name] |= _inlined(target, schema, done)
    return done[name]


def _value(node: Node) -> Any:
    """The tree as JSON knows it: every key is a text."""
    if isinstance(node, Mapping):
        return {_key(entry.key.value): _value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    return node.value


def _key(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _leaves(error: Any) -> Iterator[Any]:
    """An error, or those of the alternative that the document comes nearest to."""
    if error.validator not in _ALTERNATIVES or not error.context or "x-help" in error.schema:
        yield error
        return
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    for inner in min(branches.values(), key=_distance):
        yield from _leaves(inner)


def _distance(errors: list[Any]) -> tuple[bool, int, int]:
    """An alternative of another type is far; one whose fault lies deep is near."""
    other_type = any(each.validator == "type" and not each.relative_path for each in errors)
    return (other_type, -max(len(each.relative_path) for each in errors), len(errors))


def _gravity(error: Any) -> tuple[bool, int]:
    """A wrong type goes before what follows from it."""
    return (error.validator != "type", len(error.absolute_path))


def _problems(error: Any, root: Node) -> Iterable[Problem]:
    node, key_span = _at(root, error.absolute_path)
    said = error.schema.get("x-help")
    if error.validator == "additionalProperties" and isinstance(node, Mapping):
        return _unknown_keys(error, node)
    if isinstance(node, Mapping) and isinstance(error.instance, str):  # a name under `propertyNames`
        return [Problem(_span_of_key(node, error.instance), said or _sentence(error))]
    if isinstance(node, (Mapping, Sequence)):
        return [Problem(key_span, said or _sentence(error))]
    if not said and error.validator == "enum":
        near = _nearest(str(error.instance), error.validator_value)
        return [Problem(node.span, _sentence(error), near)]
    return [Problem(node.span if node.span.end > node.span.start else key_span, said or _sentence(error))]


def _at(root: Node, path: Iterable[str | int]) -> tuple[Node, Span]:
    """The node at a path, and the place to point at when it is a collection: its key or its start."""
    node, span = root, Span(root.span.start, root.span.start)
    for step in path:
        if isinstance(node, Mapping):
            entry = next(each for each in reversed(node.entries) if _key(each.key.value) == step)
            node, span = entry.value, entry.key.span
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
            span = _first(node)
    return node, span


def _first(node: Node) -> Span:
    """An item's own head: its first key, or all of a scalar."""
    if isinstance(node, Mapping) and node.entries:
        return node.entries[0].key.span
    return node.span


def _span_of_key(node: Mapping, name: str) -> Span:
    return next(entry.key.span for entry in node.entries if _key(entry.key.value) == name)


def _unknown_keys(error: Any, node: Mapping) -> Iterator[Problem]:
    known = list(error.schema.get("properties", {}))
    place = error.schema.get("description", "this place")
    written = {entry.key.value for entry in node.entries}
    free = [each for each in known if each not in written]
    for entry in node.entries:
        name = _key(entry.key.value)
        if name in known or any(_matches(each, name) for each in error.schema.get("patternProperties", {})):
            continue
        near = _nearest(name, free)
        hint = f"did you mean `{near}`?" if near else f"it takes {_listed(known)}"
        yield Problem(entry.key.span, f"unknown key `{name}` in {place}; {hint}", near)


def _matches(pattern: str, name: str) -> bool:
    return re.search(pattern, name) is not None


def _nearest(name: str, names: Iterable[Any]) -> str:
    known = [each for each in names if isinstance(each, str)]
    lowered = {each.lower(): each for each in known}
    near = nearest(name.lower(), lowered)
    return lowered[near] if near else ""


def _listed(names: Iterable[Any]) -> str:
    shown = [f"`{each}`" for each in names]
    if not shown:
        return "none"
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def _sentence(error: Any) -> str:
    """What is wrong, in our own words."""
    place = error.schema.get("description", "this")
    kind, wanted = error.validator, error.validator_value
    if kind == "required":
        return f"{place} has no `{_missing(error)}`"
    if kind == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        return f"{place} is {' or '.join(_TYPES[each] for each in types)}, not {_kind_of(error.instance)}"
    if kind == "enum":
        near = _nearest(str(error.instance), wanted)
        hint = f"did you mean `{near}`?" if near else f"{place} is one of {_listed(wanted)}"
        return f"`{_shown(error.instance)}` is not known here; {hint}"
    if kind in ("minItems", "minProperties", "minLength"):
        return f"{place} is {'too short' if error.instance else 'empty'}"
    if kind in ("minimum", "maximum"):
        bound = "least" if kind == "minimum" else "most"
        return f"`{_shown(error.instance)}` can't be {place}: the {bound} is {wanted}"
    if kind == "pattern":
        return f"`{_shown(error.instance)}` is not {place}"
    return f"`{_shown(error.instance)}` does not fit {place} ({kind})"


def _missing(error: Any) -> str:
    """The key whose absence is the fault."""
    if error.validator != "required":
        return ""
    missing: str = next(name for name in error.validator_value if name not in error.instance)
    return missing


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = ((dict, "a map"), (list, "a list"), (str, "a text"), (int, "a number"), (float, "a number"))
    return next((name for kind, name in names if isinstance(value, kind)), "nothing")

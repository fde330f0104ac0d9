"""What EAS refuses in an eas.json that it could parse, each at its place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from runcrew_lint.domains.eas import specification as spec
from runcrew_lint.domains.eas.facts import PLATFORMS, Move, Problem, ProblemKind
from runcrew_lint.domains.eas.shapes import Boolean, Number, Record, Shape, Text, Texts
from runcrew_lint.domains.eas.versions import SPACE, SPACE_CHARACTERS
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_NUMBER = lazily(rf"[{SPACE}]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[{SPACE}]*\Z")
_KINDS = ((bool, "true or false"), (int, "a number"), (float, "a number"), (str, "a text"))
_LISTED = 8


def problems(root: Node) -> tuple[Problem, ...]:
    """Everything that EAS refuses, in reading order."""
    found = [*_shape(root, spec.EAS_JSON, (), None)]
    return tuple(sorted(found, key=lambda each: each.span))


def _shape(node: Node, shape: Shape, path: tuple[str, ...], key: Span | None) -> Iterator[Problem]:
    if isinstance(shape, Record):
        yield from _record(node, shape, path, key)
    elif isinstance(shape, Texts):
        yield from _texts(node, path, key)
    elif not isinstance(node, Scalar):
        has = "an object" if isinstance(node, Mapping) else "a list"
        yield _invalid(key or node.span, path, f"is {has} and EAS takes {_what(shape)}")
    elif isinstance(shape, Number):
        yield from _number(node, shape, path)
    else:
        yield from _scalar(node, shape, path)


def _record(node: Node, shape: Record, path: tuple[str, ...], key: Span | None) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        place = node.span if isinstance(node, Scalar) else key or Span(node.span.start, node.span.start + 1)
        yield _invalid(place, path, f"is {_kind(node)} and EAS takes an object")
        return
    for entry in node.effective():
        name = str(entry.key.value)
        inner = shape.keys.get(name)
        if inner is None and name:
            inner = shape.rest
        if inner is None:
            yield _unknown(entry, shape, node, path)
        else:
            yield from _shape(entry.value, inner, (*path, name), entry.key.span)
    yield from _conflicts(node, shape, path)


def _texts(node: Node, path: tuple[str, ...], key: Span | None) -> Iterator[Problem]:
    if not isinstance(node, Sequence):
        place = node.span if isinstance(node, Scalar) else key or node.span
        yield _invalid(place, path, f"is {_kind(node)} and EAS takes a list of texts")
        return
    for index, item in enumerate(node.items):
        yield from _shape(item, Text(), (*path, str(index)), None)


def _number(node: Scalar, shape: Number, path: tuple[str, ...]) -> Iterator[Problem]:
    value = node.value
    if isinstance(value, str) and _NUMBER.match(value):
        # Joi compares what it read with what was written: 0.10000000000000000001 is refused.
        value = float(value.strip(SPACE_CHARACTERS)) if _is_exact(value) else math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        yield _invalid(node.span, path, f"is {_kind(node)} and EAS takes a number")
    elif not shape.low <= value <= shape.high:
        yield _invalid(node.span, path, f"is not between {shape.low:g} and {shape.high:g}")


def _is_exact(text: str) -> bool:
    """Whether the number that comes of a text is the one that was written, as Joi asks it."""
    value = float(text.strip(SPACE_CHARACTERS))
    if "e" not in text.lower() and 0 < abs(value) < 1e-6:
        return True
    return _digits(repr(value)) == _digits(text)


def _digits(text: str) -> str:
    written = re.split("[eE]", text.strip(SPACE_CHARACTERS))[0]
    return written.lstrip("+-").replace(".", "").strip("0")


def _scalar(node: Scalar, shape: Text | Boolean, path: tuple[str, ...]) -> Iterator[Problem]:
    value = node.value
    if isinstance(shape, Boolean):
        told = isinstance(value, str) and (value.lower() in ("true", "false") or value in shape.values)
        if not isinstance(value, bool) and not told:
            near = _same_word(value, ("true", "false", *shape.values))
            yield _invalid(node.span, path, f"is {_shown(node)} and EAS takes {_what(shape)}", near)
        return
    if value is None and shape.nullable:
        return
    if not isinstance(value, str):
        quotable = isinstance(value, int | float) and not isinstance(value, bool) and not shape.values
        text = str(value) if quotable and isinstance(value, int) else ""
        text = text if text and (shape.fits is None or shape.fits(text)) else ""
        yield _invalid(node.span, path, f"is {_kind(node)} and EAS takes {_what(shape)}", text)
    elif not value:
        yield _invalid(node.span, path, "is empty, and EAS refuses a text without a character")
    elif shape.values and value not in shape.values:
        near = _same_word(value, shape.values)
        yield _invalid(node.span, path, f"is {_shown(node)} and EAS takes {_what(shape)}", near)
    elif shape.fits and not shape.fits(value):
        near = value.lower() if shape.fits(value.lower()) else ""
        yield _invalid(node.span, path, f"is {_shown(node)}, which is not {shape.what}", near)


def _invalid(span: Span, path: tuple[str, ...], says: str, value: str = "") -> Problem:
    name = f"`{'.'.join(path)}`" if path else "the file"
    return Problem(ProblemKind.VALUE, span, path, f"{name} {says}", value)


def _same_word(value: object, values: tuple[str, ...]) -> str:
    """The value that differs in case and in what joins its words alone."""

    def bare(text: str) -> str:
        return re.sub(r"[\s_-]", "", text).lower()

    return next((each for each in values if isinstance(value, str) and bare(each) == bare(value)), "")


def _unknown(entry: Entry, shape: Record, node: Mapping, path: tuple[str, ...]) -> Problem:
    name = str(entry.key.value)
    place = f"unknown key `{name}` in {shape.name}"
    if not name:
        return Problem(ProblemKind.KEY, entry.key.span, path, f"an empty key in {shape.name}", "")
    if shape.rest is not None:
        return Problem(ProblemKind.KEY, entry.key.span, path, place, "")
    move = _elsewhere(name, entry.value, path)
    if move:
        where = ".".join(move.path)
        return Problem(
            ProblemKind.KEY,
            entry.key.span,
            (*path, name),
            f"{place}: it belongs under `{where}`",
            "",
            move if _is_free(node, move, path, name) else None,
        )
    free = {each.lower(): each for each in shape.keys if node.get(each) is None}
    near = nearest(name.lower(), free)
    hint = f"did you mean `{free[near]}`?" if near else f"it takes {_names(shape.keys)}"
    return Problem(
        ProblemKind.KEY, entry.key.span, (*path, name), f"{place}; {hint}", free[near] if near else ""
    )


def _elsewhere(name: str, value: Node, path: tuple[str, ...]) -> Move | None:
    """The one other block of the profile that takes a key, where it takes this value, too."""
    if len(path) < 2 or path[0] not in ("build", "submit"):
        return None
    profile = spec.BUILD_PROFILE if path[0] == "build" else spec.SUBMIT_PROFILE
    blocks = {
        key: each for key, each in profile.keys.items() if isinstance(each, Record) and key in PLATFORMS
    }
    inner = path[2] if len(path) == 3 and path[2] in PLATFORMS else ""
    if len(path) > 2 and not inner:
        return None
    fitting = [
        key
        for key, block in blocks.items()
        if key != inner and name in block.keys and not any(_shape(value, block.keys[name], (), None))
    ]
    return Move((*path[:2], fitting[0])) if len(fitting) == 1 else None


def _is_free(node: Mapping, move: Move, path: tuple[str, ...], name: str) -> bool:
    """Whether the profile itself holds the key, and nothing stands at the new place yet.

    What one platform's block holds may be meant for either: that is for a person to say.
    """
    block = node.get(move.path[-1])
    return len(path) == 2 and (block is None or (isinstance(block, Mapping) and block.get(name) is None))


def _conflicts(node: Mapping, shape: Record, path: tuple[str, ...]) -> Iterator[Problem]:
    """Keys that EAS refuses beside each other."""
    if shape is spec.CACHE and (entry := node.entry("customPaths")) and node.get("paths"):
        yield _conflict(
            entry, path, "`customPaths` and `paths` are one setting under two names: keep `paths`"
        )
    if "artifactPath" in shape.keys:
        old, new = node.entry("artifactPath"), node.entry("applicationArchivePath")
        if old and new:
            yield _conflict(old, path, "`artifactPath` and `applicationArchivePath` exclude each other")
    if shape is spec.BUILD_ANDROID and (entry := node.entry("keystoreName")):
        if _text(node, "credentialsSource") != "remote":
            yield _conflict(
                entry,
                path,
                "`keystoreName` names a keystore on EAS's servers and is taken only beside "
                '`"credentialsSource": "remote"` in the same block',
            )
    if shape is spec.SUBMIT_ANDROID:
        rollout, status = node.entry("rollout"), node.entry("releaseStatus")
        staged = _text(node, "releaseStatus") == "inProgress"
        if rollout and not staged:
            yield _conflict(
                rollout,
                path,
                '`rollout` is taken only beside `"releaseStatus": "inProgress"` in the same block',
            )
        if status and staged and not rollout:
            yield _conflict(status, path, "a release in progress needs its `rollout`, from 0 to 1")


def _conflict(entry: Entry, path: tuple[str, ...], message: str) -> Problem:
    return Problem(ProblemKind.CONFLICT, entry.key.span, (*path, str(entry.key.value)), message, "")


def _text(node: Mapping, key: str) -> str | None:
    value = node.get(key)
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "an object"
    if isinstance(node, Sequence):
        return "a list"
    return next((name for kind, name in _KINDS if isinstance(node.value, kind)), "null")


def _shown(node: Scalar) -> str:
    text = str(node.value).lower() if isinstance(node.value, bool | None) else str(node.value)
    if node.value is None:
        return "null"
    return f"`{text if len(text) <= 40 else f'{text[:37]}...'}`"


def _what(shape: Shape) -> str:
    if isinstance(shape, Boolean):
        return f"true or false{''.join(f' or `{each}`' for each in shape.values)}"
    if isinstance(shape, Text) and shape.values:
        return _names(shape.values)
    if isinstance(shape, Number):
        return "a number"
    return shape.what if isinstance(shape, Text) else "an object"


def _names(names: object) -> str:
    shown = [f"`{each}`" for each in names]  # type: ignore[attr-defined]
    return (
        " or ".join(shown)
        if len(shown) <= 3
        else ", ".join(shown[:_LISTED]) + (", ..." if len(shown) > _LISTED else "")
    )

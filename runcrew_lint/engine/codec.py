"""Facts as plain JSON values and back, by the annotations of their own classes.

A dataclass or NamedTuple becomes the list of its fields that are not as they are by default, behind a number
whose bits say which they are; an enum becomes its value, a tuple a list; in a union the classes carry the
index of the one they are. Reading back checks every value against its annotation and calls nothing but the
class's own constructor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, ForwardRef, Union, get_args, get_origin, get_type_hints

from runcrew_lint.model.mend import Plain
from runcrew_lint.tuples import NamedTuple

_BARE = (str, int, float, bool, NoneType)  # JSON has these itself
_EXACT = (str, int, bool, NoneType)  # each is read back as what it was; a float may come back as an int
_PLAIN = ForwardRef("Plain")  # model.mend's own word for itself: a tuple of anything plain


class Codec(NamedTuple):
    """How values of one annotation are written and read.

    Errors:
        TypeError, ValueError or LookupError on a misfit, and whatever a fact's own constructor raises.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@cache
def codec_of(annotation: Any) -> Codec:
    """The codec of an annotation.

    Errors:
        TypeError for an annotation that no fact may have (a dict, a set, Any), or that does not resolve.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _BARE:
        return _bare(annotation)
    if annotation in ("Plain", _PLAIN):
        return codec_of(Plain)
    if origin in (Union, UnionType):
        return _union(arguments)
    if origin is tuple:
        return _many(arguments[0]) if arguments[1:] == (Ellipsis,) else _fixed(arguments)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum(annotation)
    if isinstance(annotation, type) and (is_dataclass(annotation) or hasattr(annotation, "_fields")):
        return _record(annotation)
    raise TypeError(f"a fact can't hold {annotation}")


def _bare(kind: type) -> Codec:
    allowed = (int, float) if kind is float else (kind,)

    def check(value: Any) -> Any:
        if type(value) not in allowed:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    return Codec(check, check)


def _enum(kind: type[Enum]) -> Codec:
    def encode(value: Any) -> Any:
        _demand(value, kind)
        return value.value

    return Codec(encode, kind)


def _many(item: Any) -> Codec:
    @cache
    def codec() -> Codec:  # resolved when first used: a class may hold tuples of itself
        return codec_of(item)

    def encode(value: Any) -> Any:
        _demand(value, tuple)
        return [*map(codec().encode, value)] if value else []

    def decode(value: Any) -> Any:
        _demand(value, list)
        return tuple(map(codec().decode, value)) if value else ()

    return Codec(encode, decode)


def _fixed(annotations: Sequence[Any]) -> Codec:
    @cache
    def codecs() -> list[Codec]:  # as above
        return [codec_of(each) for each in annotations]

    def encode(value: Any) -> Any:
        _demand(value, tuple)
        return [codec.encode(each) for codec, each in zip(codecs(), value, strict=True)]

    def decode(value: Any) -> Any:
        _demand(value, list)
        return tuple([codec.decode(each) for codec, each in zip(codecs(), value, strict=True)])

    return Codec(encode, decode)


def _record(kind: Any) -> Codec:
    names, defaults = _fields_of(kind)
    try:
        hints = get_type_hints(kind)
    except NameError as error:
        raise TypeError(f"an annotation of {kind.__name__} does not resolve: {error}") from error
    kinds = [hints[name] for name in names]
    if not defaults and all(each in _EXACT for each in kinds):
        return _row(kind, names, kinds)
    return _sparse(kind, names, kinds, [defaults.get(name, MISSING) for name in names])


def _row(kind: Any, names: Sequence[str], kinds: list[type]) -> Codec:
    """A record of what JSON has itself, all of which is always said: two of three records are a Span."""

    said = _reading(kind, names)

    def encode(value: Any) -> Any:
        _demand(value, kind)
        return _checked([*said(value)])

    def decode(value: Any) -> Any:
        _demand(value, list)
        return kind(*_checked(value))

    def _checked(values: list[Any]) -> list[Any]:
        if [*map(type, values)] != kinds:
            raise TypeError(f"{values!r} make no {kind.__name__}")
        return values

    return Codec(encode, decode)


def _sparse(kind: Any, names: Sequence[str], annotations: Sequence[Any], defaults: list[Any]) -> Codec:
    """Any other record: what is as it is by default is left out, which of an Operation is nearly all."""

    @cache
    def codecs() -> list[Codec]:
        return [codec_of(each) for each in annotations]

    values_of, bits = _reading(kind, names), [1 << at for at in range(len(names))]

    def encode(value: Any) -> Any:
        _demand(value, kind)
        said, written = 0, [0]
        for bit, each, default, codec in zip(bits, values_of(value), defaults, codecs(), strict=True):
            if each is not default and (type(each) is not type(default) or each != default):
                said |= bit
                written.append(codec.encode(each))
        written[0] = said
        return written

    @lru_cache(maxsize=1024)
    def readers(said: int) -> list[tuple[int, Callable[[Any], Any]]]:
        """The fields that a number says are there, and how each is read."""
        if said >> len(names) or any(
            each is MISSING and not said >> at & 1 for at, each in enumerate(defaults)
        ):
            raise ValueError(f"{said} names no fields of {kind.__name__}")
        return [(at, codec.decode) for at, codec in enumerate(codecs()) if said >> at & 1]

    def decode(value: Any) -> Any:
        _demand(value, list)
        said, *written = value
        _demand(said, int)
        values = defaults.copy()
        for (at, read), each in zip(readers(said), written, strict=True):
            values[at] = read(each)
        return kind(*values)

    return Codec(encode, decode)


def _reading(kind: Any, names: Sequence[str]) -> Callable[[Any], Iterable[Any]]:
    """What hands out the fields of a record in their order."""
    if hasattr(kind, "_fields") or len(names) < 2:
        return iter if hasattr(kind, "_fields") else lambda value: [getattr(value, name) for name in names]
    return attrgetter(*names)


def _fields_of(kind: Any) -> tuple[list[str], Mapping[str, Any]]:
    """The names that a class is made by, in their order, and what stands for those that may be left out."""
    if hasattr(kind, "_fields"):
        return list(kind._fields), kind._field_defaults
    made = [field for field in fields(kind) if field.init]
    return [each.name for each in made], {
        each.name: each.default for each in made if each.default is not MISSING
    }


def _union(members: Sequence[Any]) -> Codec:
    """What JSON has stands as it is; everything else is told apart by its place in the union."""
    bare = {kind for kind in members if kind in _BARE} | ({int} if float in members else set())
    others = {index: kind for index, kind in enumerate(members) if kind not in _BARE}
    places = {kind: index for index, kind in others.items()}

    def encode(value: Any) -> Any:
        if type(value) in bare:
            return value
        own: Any = type(value)
        if own in places:
            return [places[own], codec_of(own).encode(value)]
        for index, kind in others.items():
            try:
                return [index, codec_of(kind).encode(value)]
            except (TypeError, ValueError):
                continue
        raise TypeError(f"{value!r} fits none of {members}")

    def decode(value: Any) -> Any:
        if type(value) in bare:
            return value
        _demand(value, list)
        index, encoded = value
        return codec_of(others[index]).decode(encoded)

    return Codec(encode, decode)


def _demand(value: Any, kind: type) -> None:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")

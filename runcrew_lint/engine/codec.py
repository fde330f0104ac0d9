"""Facts as plain JSON values and back, by the annotations of their own classes.

A dataclass or NamedTuple becomes the list of its fields, an enum its value, a tuple a list; in a union
the classes carry the index of the one they are. Reading back checks every value against its annotation
and calls nothing but the class's own constructor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, ForwardRef, NamedTuple, Union, get_args, get_origin, get_type_hints

from runcrew_lint.model.mend import Plain

_BARE = (str, int, float, bool, NoneType)  # JSON has these itself
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
        return _many(arguments[0]) if arguments[1:] == (Ellipsis,) else _fixed(tuple, arguments, _as_tuple)
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
    # An annotation inside is resolved when it is first met: a class may hold tuples of itself.
    def encode(value: Any) -> Any:
        _demand(value, tuple)
        each = codec_of(item).encode
        return [each(one) for one in value]

    def decode(value: Any) -> Any:
        _demand(value, list)
        if not value:
            return ()
        each = codec_of(item).decode
        return tuple([each(one) for one in value])

    return Codec(encode, decode)


def _as_tuple(*values: Any) -> Any:
    return values


def _fixed(
    kind: type, annotations: Sequence[Any], make: Callable[..., Any], names: Sequence[str] = ()
) -> Codec:
    codecs: list[Codec] = []  # resolved when first used, as above
    decoders: list[Callable[[Any], Any]] = []

    def resolve() -> None:
        codecs.extend(codec_of(each) for each in annotations)
        decoders.extend(codec.decode for codec in codecs)

    def encode(value: Any) -> Any:
        if len(codecs) < len(annotations):
            resolve()
        _demand(value, kind)
        values = [getattr(value, name) for name in names] if names else value
        return [codec.encode(each) for codec, each in zip(codecs, values, strict=True)]

    def decode(value: Any) -> Any:
        if len(codecs) < len(annotations):
            resolve()
        _demand(value, list)
        return make(*[decoder(each) for decoder, each in zip(decoders, value, strict=True)])

    return Codec(encode, decode)


def _record(kind: Any) -> Codec:
    if hasattr(kind, "_fields"):
        names = list(kind._fields)
    else:
        names = [field.name for field in fields(kind) if field.init]
    try:
        hints = get_type_hints(kind)
    except NameError as error:
        raise TypeError(f"an annotation of {kind.__name__} does not resolve: {error}") from error
    return _fixed(kind, [hints[name] for name in names], kind, names)


def _union(members: Sequence[Any]) -> Codec:
    """What JSON has stands as it is; everything else is told apart by its place in the union."""
    bare = {kind for kind in members if kind in _BARE} | ({int} if float in members else set())
    others = {index: kind for index, kind in enumerate(members) if kind not in _BARE}

    def encode(value: Any) -> Any:
        if type(value) in bare:
            return value
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

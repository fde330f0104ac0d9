"""Facts as plain JSON values and back, by the annotations of their own classes.

A dataclass or NamedTuple becomes the list of its fields, an enum its value, a tuple a list; a union
of several classes carries the index of the one it is. Reading back checks every value against its
annotation and calls nothing but the class's own constructor.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints


class Codec(NamedTuple):
    """How values of one annotation are written and read; both raise TypeError on a misfit."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def codec_of(annotation: Any) -> Codec:
    """The codec of an annotation.

    Errors:
        TypeError for an annotation that no fact may have (a dict, a set, Any).
    """
    try:
        return _codec_of(annotation)
    except TypeError:
        raise
    except (NameError, AttributeError) as error:
        raise TypeError(f"{annotation} does not resolve: {error}") from error


@cache
def _codec_of(annotation: Any) -> Codec:
    origin = get_origin(annotation)
    if annotation in (str, int, float, bool, types.NoneType):
        return _scalar(annotation)
    if origin in (Union, types.UnionType):
        return _union(get_args(annotation))
    if origin is tuple:
        return _tuple(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Codec(lambda value: value.value, annotation)
    if isinstance(annotation, type) and (is_dataclass(annotation) or hasattr(annotation, "_fields")):
        return _record(annotation)
    raise TypeError(f"a fact can't hold {annotation}")


def _scalar(kind: type) -> Codec:
    allowed = (int, float) if kind is float else (kind,)

    def check(value: Any) -> Any:
        if type(value) not in allowed:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    return Codec(check, check)


def _tuple(arguments: tuple[Any, ...]) -> Codec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        # Recursive annotations are looked up when used: a class may hold tuples of itself.
        item = arguments[0]

        def encode(value: Any) -> Any:
            each = _codec_of(item).encode
            return [each(one) for one in value]

        def decode(value: Any) -> Any:
            _demand_list(value)
            each = _codec_of(item).decode
            return tuple([each(one) for one in value])

        return Codec(encode, decode)
    return _fixed(arguments, lambda values: tuple(values))


def _fixed(annotations: tuple[Any, ...], make: Callable[[list[Any]], Any]) -> Codec:
    def encode(value: Any) -> Any:
        return [_codec_of(one).encode(item) for one, item in zip(annotations, value, strict=True)]

    def decode(value: Any) -> Any:
        _demand_list(value)
        if len(value) != len(annotations):
            raise TypeError("a row of another length")
        return make([_codec_of(one).decode(item) for one, item in zip(annotations, value, strict=True)])

    return Codec(encode, decode)


def _record(kind: type) -> Codec:
    hints = get_type_hints(kind)
    if hasattr(kind, "_fields"):
        names = kind._fields
    else:
        names = tuple(field.name for field in fields(kind) if field.init)
    annotations = tuple(hints[name] for name in names)
    row = _fixed(annotations, lambda values: kind(*values))

    def encode(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return row.encode([getattr(value, name) for name in names])

    return Codec(encode, row.decode)


def _union(arguments: tuple[Any, ...]) -> Codec:
    """Scalars and None stand as they are; of several classes the index says which."""
    codecs = [(kind, _codec_of(kind)) for kind in arguments]
    bare = {kind for kind in arguments if kind in (str, int, float, bool, types.NoneType)}
    classes = [(index, kind, codec) for index, (kind, codec) in enumerate(codecs) if kind not in bare]

    def encode(value: Any) -> Any:
        if type(value) in bare:
            return value
        for index, _kind, codec in classes:
            try:
                encoded = codec.encode(value)
            except (TypeError, AttributeError, ValueError):
                continue
            return encoded if len(classes) == 1 else [index, encoded]
        raise TypeError(f"{value!r} fits none of {arguments}")

    def decode(value: Any) -> Any:
        if type(value) in bare:
            return value
        if len(classes) == 1:
            return classes[0][2].decode(value)
        _demand_list(value)
        index, encoded = value
        return codecs[index][1].decode(encoded)

    return Codec(encode, decode)


def _demand_list(value: Any) -> None:
    if type(value) is not list:
        raise TypeError(f"{value!r} is no row")

"""TOML to a positioned tree: values from tomllib, places from a scan of headers and keys.

tomllib keeps no places, so a scan of the lines finds where each table and key is written. What the
scan cannot see (keys of an inline table, items of an array) has the place of the key that holds it.
"""

from __future__ import annotations

import re
from typing import Any

from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_BARE = r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'"""
_DOTTED = rf"(?:{_BARE})(?:\s*\.\s*(?:{_BARE}))*"
_HEADER = lazily(rf"^[ \t]*\[\[?\s*(?P<path>{_DOTTED})\s*\]\]?", re.MULTILINE)
_KEY = lazily(rf"^[ \t]*(?P<path>{_DOTTED})[ \t]*=", re.MULTILINE)
_AT = lazily(r"\(at (?:line (\d+), column (\d+)|end of document)\)")

MAX_DEPTH = 200  # levels of nesting, dots of a key counted; a deeper file is generated or hostile

_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
_TOO_LONG = "a number of more than 4,300 digits"

Path = tuple[str, ...]


def parse(source: Source) -> Node:
    """The document.

    Errors:
        Unreadable at the line and column that tomllib names, or where the nesting passes `MAX_DEPTH`.
    """
    import tomllib  # few of those that may read TOML meet any

    places = _places(source.text)
    try:
        data = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        end = len(source.text)
        at = source.offset(int(found[1]), int(found[2])) if found and found[1] else end
        raise Unreadable(f"not TOML: {_AT.sub('', str(error)).strip()}", Span(at, at)) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except ValueError:  # int() takes no more than 4,300 digits
        raise Unreadable(_TOO_LONG) from None
    return _node(data, (), places, Span(0, 0), 0)


def _places(text: str) -> dict[Path, Span]:
    """Where each dotted path is written first."""
    places: dict[Path, Span] = {}
    headers = list(_HEADER.finditer(text))
    starts = [(0, ())] + [(header.end(), _split(header["path"])) for header in headers]
    ends = [header.start() for header in headers] + [len(text)]
    for header in headers:
        _note(places, (), _split(header["path"]), Span(*header.span("path")))
    for (start, table), end in zip(starts, ends, strict=True):
        for key in _KEY.finditer(text, start, end):
            _note(places, table, _split(key["path"]), Span(*key.span("path")))
    return places


def _note(places: dict[Path, Span], table: Path, path: Path, span: Span) -> None:
    if len(path) > MAX_DEPTH:
        raise Unreadable(_TOO_DEEP, span)
    for length in range(1, len(path) + 1):
        places.setdefault((*table, *path[:length]), span)


def _split(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_BARE, dotted))


def _node(value: Any, path: Path, places: dict[Path, Span], near: Span, depth: int) -> Node:
    span = places.get(path, near)
    if depth > MAX_DEPTH:
        raise Unreadable(_TOO_DEEP, span)
    if isinstance(value, dict):
        entries = (
            Entry(
                Scalar(places.get((*path, key), span), key),
                _node(item, (*path, key), places, span, depth + 1),
            )
            for key, item in value.items()
        )
        return Mapping(span, tuple(entries))
    if isinstance(value, list):
        return Sequence(span, tuple(_node(item, path, {}, span, depth + 1) for item in value))
    if value is None or isinstance(value, str | int | float | bool):
        return Scalar(span, value)
    return Scalar(span, str(value))

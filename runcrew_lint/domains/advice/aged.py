"""data/aged.json and the places that its rows describe."""

from __future__ import annotations

import json
import re
from functools import cache

from runcrew_lint.data import data_path
from runcrew_lint.domains.advice.facts import Aged, Hit
from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_COMMENT = lazily(r"[ \t]*(?:#|//|;)")


class Row(NamedTuple):
    """One fact that has aged: since which day, who says so, and what took its place."""

    id: str
    files: re.Pattern[str]
    pattern: re.Pattern[str]
    says: str
    instead: str
    ended: str
    source: str


@cache
def rows() -> dict[str, Row]:
    """The rows whose day lies behind that of the file, by their id."""
    told = json.loads(data_path("data/aged.json").read_text("utf-8"))
    return {
        each["id"]: Row(
            each["id"],
            lazily(rf"(?:.*/)?(?:{each['files']})\Z", re.IGNORECASE),
            lazily(each["pattern"], re.MULTILINE),
            each["says"],
            each["instead"],
            each["ended"],
            each["source"],
        )
        for each in told["rows"]
        if each["ended"] <= told["read"]
    }


def read(source: Source, _reading: Reading) -> Aged | None:
    """The places of one file, those in comments left out."""
    hits = [
        Hit(row.id, Span(*found.span(1)))
        for row in rows().values()
        if row.files.match(source.path)
        for found in row.pattern.finditer(source.text)
        if not _is_comment(source, found.start(1))
    ]
    hits.sort(key=lambda each: each.span)
    return Aged(source.path, tuple(hits)) if hits else None


def _is_comment(source: Source, at: int) -> bool:
    return _COMMENT.match(source.line(source.position(at).line)) is not None

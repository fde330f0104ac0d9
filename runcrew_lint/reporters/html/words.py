"""Words of a repository and of ours, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from runcrew_lint.reporters.look import visible
from runcrew_lint.tuples import NamedTuple

_NAMES = {"eas": "EAS"}


class Entry(NamedTuple):
    """A line of the contents: where it leads, and what it is called."""

    anchor: str
    title: str
    note: str = ""


class Section(NamedTuple):
    """A part of the page; `parts` are the headings in it that the contents name."""

    entry: Entry
    parts: tuple[Entry, ...]
    body: str


def plain(text: str) -> str:
    """Text that stands for itself, in an element or an attribute."""
    return escape(visible(text))


def place(text: str) -> str:
    """A path, which may go on in the next line behind a slash."""
    return plain(text).replace("/", "/<wbr>")


def prose(text: str) -> str:
    """A sentence: what stands between two backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a name holds one
        return plain(text)
    return "".join(code(part) if index % 2 and part else plain(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """A name or a place, as it is written."""
    return f"<code>{plain(text)}</code>"


def title_of(family: str) -> str:
    """A family's name as a heading."""
    return _NAMES.get(family, family.replace("-", " ").capitalize())


def listed(names: Sequence[str], most: int) -> str:
    """Names in a row, as many as `most`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(code, names[:most])) + more


def table(caption: str, head: Sequence[str], rows: Iterable[str], style: str) -> str:
    """A table that a narrow page shows as blocks; `rows` are whole rows."""
    cells = "".join(f'<th scope="col">{each}</th>' for each in head)
    return (
        f'<table class="{style}"><caption>{caption}</caption><thead><tr>{cells}</tr></thead>\n'
        f"<tbody>{chr(10).join(rows)}</tbody></table>"
    )

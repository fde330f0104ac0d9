"""The environment contract: every variable with the places that read, document and give it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from runcrew_lint.engine.portrait import Portrait
from runcrew_lint.reporters.environment import as_data
from runcrew_lint.reporters.html.words import Entry, Section, code, place, plain, table
from runcrew_lint.reporters.said import counted

MOST = 60  # variables of one need that are shown before they are asked for
PLACES = 4  # of one kind and variable
_COLUMNS = ("read", "documented", "given")
_NEEDS = (
    ("required", "Required", "No default stands in where they are read."),
    ("optional", "Optional", "Wherever they are read there is a default."),
    ("unread", "Never read", "Nothing that is linted reads them."),
)


def environment(portrait: Portrait) -> Section | None:
    """The table; None where no variable is known."""
    rows = as_data(portrait.variables, portrait.line)
    if not rows:
        return None
    parts, body = [], ["<p>Names and places, never a value.</p>"]
    for need, title, about in _NEEDS:
        if found := [each for each in rows if _need(each) == need]:
            parts.append(Entry(f"variables-{need}", title, f"{len(found):,}"))
            body += _group(parts[-1], about, found)
    return Section(Entry("environment", "Environment"), tuple(parts), "\n".join(body))


def _need(row: dict[str, Any]) -> str:
    return "required" if row["required"] else "optional" if row["read"] else "unread"


def _group(entry: Entry, about: str, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f'<section class="needed" id="{entry.anchor}"><h3>{entry.title}</h3><p class="soft">{about}</p>'
    shown = table(f"{entry.title} variables", ("variable", *_COLUMNS), map(_row, rows), "variables")
    if len(rows) > MOST:
        shown = f"<details><summary>{counted(len(rows), 'variable')}</summary>{shown}</details>"
    yield f"{shown}</section>"


def _row(row: dict[str, Any]) -> str:
    cells = "".join(f'<td data-head="{kind}">{_places(row[kind])}</td>' for kind in _COLUMNS)
    return f'<tr><th scope="row">{code(row["name"])}</th>{cells}</tr>'


def _places(places: Sequence[dict[str, Any]]) -> str:
    shown = []
    for each in places[:PLACES]:
        where = f' <span class="soft">{plain(each["environment"])}</span>' if each.get("environment") else ""
        shown.append(f"<li>{place(each['path'])}:{each['line']}{where}</li>")
    if len(places) > PLACES:
        shown.append(f'<li class="soft">and {len(places) - PLACES:,} more</li>')
    return f"<ul>{''.join(shown)}</ul>" if shown else ""

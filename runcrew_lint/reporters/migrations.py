"""The revisions of a history as text, JSON or a Mermaid graph: locks, tables, rewrites, scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.overview import RevisionView
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.graph import drawn
from runcrew_lint.reporters.look import Look, columns, visible
from runcrew_lint.tuples import NamedTuple

FORMATS = ("text", "json", "mermaid")
_SHOWN = 3
_MESSAGE = 44  # columns
_STYLES = {"reads and writes": "error", "writes": "warning"}


class Listed(NamedTuple):
    """A history and its revisions, in the order they run."""

    lineage: Lineage
    views: Sequence[RevisionView]


def rendered(form: str, histories: Sequence[Listed], major: int, look: Look) -> str:
    """The histories in one of FORMATS; `major` is the PostgreSQL version that the locks are of."""
    if form == "json":
        data = {"version": 1, "postgres": major, "histories": [_data(each) for each in histories]}
        return document(data)
    if form == "mermaid":
        return "".join(map(_flow, histories))
    return "\n".join(_text(each, major, look) for each in histories) or "no migrations were found\n"


def _text(listed: Listed, major: int, look: Look) -> str:
    lineage, views = listed
    heads = [each.revision for each in lineage.heads]
    count = f"{len(views)} revision{'' if len(views) == 1 else 's'}"
    ends = f"{'head' if len(heads) == 1 else f'{len(heads)} heads'} {', '.join(heads)}"
    title = look.paint(visible(lineage.name), "strong")
    lines = [f"{title}: {count}, {visible(ends)}; locks of PostgreSQL {major}", ""]
    by_revision = {each.migration.revision: each for each in views}
    newest = [each.migration.revision for each in reversed(views)]
    rows = list(drawn(newest, lambda name: by_revision[name].migration.down_revisions))
    margin = max((len(each.margin) for each in rows), default=0)
    width = max((columns(visible(name)) for name in newest), default=0)
    for row in rows:
        if not row.revision:
            lines.append(row.margin)
            continue
        lines.append(_line(by_revision[row.revision], row.margin.ljust(margin), width, look))
    return "\n".join(lines) + "\n"


def _line(view: RevisionView, margin: str, width: int, look: Look) -> str:
    migration = view.migration
    name = visible(migration.revision)
    message = _cut(visible(migration.message), _MESSAGE)
    cells = [
        margin,
        look.paint(name, "strong") + " " * (width - columns(name)),
        migration.date or " " * 10,
        message + " " * (_MESSAGE - columns(message)),
    ]
    said = []
    for held in view.locks:
        lock = look.paint(str(held.mode), _STYLES.get(held.mode.blocks, "dim"))
        said.append(f"{lock} on {_listed(held.tables)}")
    if view.creates:
        said.append(f"creates {_listed(view.creates)}")
    if view.rewrites:
        said.append(look.paint(f"rewrites {_briefly(view.rewrites, view)}", "error"))
    scans = [each for each in view.scans if each not in view.rewrites]
    if scans:
        said.append(look.paint(f"scans {_briefly(scans, view)}", "warning"))
    if view.unresolved:
        said.append(look.paint(f"{view.unresolved} not read", "info"))
    return f"{'  '.join(cells)}  {'; '.join(said)}".rstrip()


def _briefly(names: Sequence[str], view: RevisionView) -> str:
    """The tables, unless they are those that are locked anyway."""
    if sorted(names) == sorted(view.tables):
        return "it" if len(names) == 1 else "them"
    return _listed(names)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return visible(", ".join(names[:_SHOWN])) + more


def _cut(text: str, most: int) -> str:
    if columns(text) <= most:
        return text
    while columns(text) > most - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _data(listed: Listed) -> dict[str, Any]:
    lineage = listed.lineage
    return {
        "history": lineage.name,
        "heads": [each.revision for each in lineage.heads],
        "revisions": [
            {
                "revision": each.migration.revision,
                "parents": list(each.migration.down_revisions),
                "depends_on": list(each.migration.depends_on),
                "path": each.migration.path,
                "date": each.migration.date or None,
                "message": each.migration.message,
                "operations": each.operations,
                "lock": each.lock or None,
                "blocks": each.blocks or None,
                "locks": {table: str(held.mode) for held in each.locks for table in held.tables},
                "creates": list(each.creates),
                "rewrites": list(each.rewrites),
                "scans": list(each.scans),
                "unresolved": each.unresolved,
            }
            for each in listed.views
        ],
    }


_ENTITIES = {ord(each): f"#{ord(each)};" for each in '"%<>#&`'}


def _flow(listed: Listed) -> str:
    lines = [f"%% {_unheeded(listed.lineage.name)}", "flowchart BT"]
    names = {each.migration.revision: f"r{at}" for at, each in enumerate(listed.views)}
    for each in listed.views:
        migration = each.migration
        label = f"{_unheeded(migration.revision)}<br>{_unheeded(_cut(visible(migration.message), _MESSAGE))}"
        lines.append(f'    {names[migration.revision]}["{label}"]')
    for each in listed.views:
        for parent in each.migration.down_revisions:
            if parent in names:
                lines.append(f"    {names[parent]} --> {names[each.migration.revision]}")
        for needed in each.migration.depends_on:
            if needed in names:
                lines.append(f"    {names[needed]} -.-> {names[each.migration.revision]}")
    return "\n".join(lines) + "\n"


def _unheeded(text: str) -> str:
    """Text in which Mermaid finds no directive, no markup and no end of its label."""
    return visible(text).translate(_ENTITIES)

"""The environment contract as text, JSON or Markdown: names and places, never a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from runcrew_lint.domains.environment.contract import Row
from runcrew_lint.reporters.document import document

Line = Callable[[str, int], int]
FORMATS = ("text", "json", "markdown")


def as_data(rows: Iterable[Row], line: Line) -> list[dict[str, Any]]:
    """Each variable as plain data, by name."""
    return [
        {
            "name": row.name,
            "required": row.is_required,
            "read": [
                {
                    "path": each.path,
                    "line": line(each.path, each.read.span.start),
                    "by": each.read.way.value,
                    "required": each.read.is_open,
                }
                for each in row.reads
            ],
            "documented": [
                {"path": each.path, "line": line(each.path, each.span.start), "set": each.is_set}
                for each in row.documented
            ],
            "given": [
                {
                    "path": each.path,
                    "line": line(each.path, each.given.span.start),
                    "by": each.given.way.value,
                    "environment": each.given.environment,
                }
                for each in row.given
            ],
        }
        for row in rows
        if row.reads or row.documented or row.given
    ]


def rendered(form: str, data: list[dict[str, Any]]) -> str:
    """The table in one of FORMATS."""
    if form == "json":
        return document({"version": 1, "variables": data})
    return _markdown(data) if form == "markdown" else _text(data)


def _text(data: list[dict[str, Any]]) -> str:
    lines = []
    for row in data:
        need = "required" if row["required"] else "optional" if row["read"] else "never read"
        lines.append(f"{row['name']}  ({need})")
        lines += [
            f"  read        {each['path']}:{each['line']}{'' if each['required'] else '  with a default'}"
            for each in row["read"]
        ]
        lines += [f"  documented  {each['path']}:{each['line']}" for each in row["documented"]]
        for each in row["given"]:
            where = f"  {each['environment']}" if each["environment"] else ""
            lines.append(f"  given       {each['path']}:{each['line']}{where}")
    read = sum(bool(row["read"]) for row in data)
    lines.append(f"{len(data)} variables, {read} read, {sum(row['required'] for row in data)} required")
    return "\n".join(lines) + "\n"


def _markdown(data: list[dict[str, Any]]) -> str:
    lines = ["| variable | needed | read | documented | given |", "| --- | --- | --- | --- | --- |"]
    for row in data:
        need = "required" if row["required"] else "optional" if row["read"] else "never read"
        cells = [_places(row[key]) for key in ("read", "documented", "given")]
        lines.append(f"| `{row['name']}` | {need} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _places(places: list[dict[str, Any]]) -> str:
    shown = []
    for each in places:
        where = f" ({each['environment']})" if each.get("environment") else ""
        shown.append(f"{each['path']}:{each['line']}{where}".replace("|", "\\|"))
    return "<br>".join(shown)

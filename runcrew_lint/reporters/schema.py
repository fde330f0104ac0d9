"""A replayed schema as text, JSON or a Mermaid diagram."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from runcrew_lint.domains.migrations.facts import Column, Constraint, ConstraintKind
from runcrew_lint.domains.migrations.schema import ConstraintState, IndexState, Schema, Table
from runcrew_lint.patterns import lazily
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.look import Look, columns, visible

FORMATS = ("text", "json", "mermaid")
_GAP = "  "


def rendered(form: str, shown: Iterable[tuple[str, str, Schema]], look: Look) -> str:
    """Schemas, each with its history's name and the revision it stands at, in one of FORMATS."""
    if form == "json":
        data = [_data(name, revision, schema) for name, revision, schema in shown]
        return document({"version": 1, "histories": data})
    if form == "mermaid":
        return "".join(_diagram(schema, name) for name, _, schema in shown)
    texts = ["\n".join(_text(*each, look)) + "\n" for each in shown]
    return "\n".join(texts) or "no migrations were found\n"


def tables_of(schema: Schema) -> list[Table]:
    """The tables and views by name."""
    return sorted((table for _, table in schema.tables.items()), key=lambda each: each.name)


# -- text ------------------------------------------------------------------------------------------------


def _text(name: str, revision: str, schema: Schema, look: Look) -> Iterator[str]:
    tables = tables_of(schema)
    views = sum(each.kind.is_view for each in tables)
    types = [each for _, each in sorted(schema.types.items()) if not each.extension]
    counts = [_count(len(tables) - views, "table"), _count(views, "view"), _count(len(types), "type")]
    at = f" at {visible(revision)}" if revision else ""
    yield f"{look.paint(visible(name), 'strong')}{at}: {', '.join(each for each in counts if each)}"
    extensions = sorted(name for name, _ in schema.extensions.items())
    if extensions:
        yield look.paint(visible(f"extensions: {', '.join(extensions)}"), "dim")
    for table in tables:
        yield ""
        yield _heading(table, look)
        yield from _columns(table)
        yield from _rules(schema, table)
    if types:
        yield ""
        for each in types:
            what = ", ".join(each.labels) or each.base
            yield visible(f"{each.kind} {each.name}{': ' if what else ''}{what}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _heading(table: Table, look: Look) -> str:
    said = [] if table.kind.value == "table" else [table.kind.value]
    said += ["unlogged"] if table.unlogged else []
    said += [f"row security {table.row_security}"] if table.secured else []
    if table.is_partition:
        said.append(f"partition of {table.parents[0]} {table.bound}")
    elif table.parents:
        said.append(f"inherits {', '.join(map(str, table.parents))}")
    if table.partition_key:
        said.append(f"by {table.partition_key}")
    said.append(f"made in {table.made_in}" if table.made_in else "not made in this history")
    if not table.complete and not table.kind.is_view:
        said.append("not all columns are known")
    heading = look.paint(visible(str(table.name)), "strong")
    comment = f"{_GAP}# {visible(table.comment)}" if table.comment else ""
    return f"{heading}{_GAP}{look.paint(visible(', '.join(said)), 'dim')}{comment}"


def _columns(table: Table) -> Iterator[str]:
    rows = [_row(state.column) for state in table.columns.values()]
    widths = [max((columns(row[at]) for row in rows), default=0) for at in range(3)]
    for row in rows:
        cells = [cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)]
        yield f"  {_GAP.join((*cells, row[3]))}".rstrip()


def _row(column: Column) -> tuple[str, str, str, str]:
    more = []
    if column.generated is not None:
        more.append(f"generated as ({column.generated}){' virtual' if column.virtual else ''}")
    elif column.identity:
        more.append("identity")
    elif column.default is not None:
        more.append(f"default {'that is not known' if column.default == '?' else column.default}")
    if column.comment:
        more.append(f"# {column.comment}")
    null = "" if column.nullable else "not null"
    if "*" in column.unknown and column.nullable:
        null = "?"
    return visible(column.name), visible(column.type) or "?", null, visible(_GAP.join(more))


def _rules(schema: Schema, table: Table) -> Iterator[str]:
    for state in table.constraints.values():
        if state.kind is not ConstraintKind.NOT_NULL:
            yield visible(f"  {state.kind} {state.name} {_of(state)}")
    for index in table.indexes.values():
        if not index.constraint:
            yield visible(f"  {_index(index)}")
    for trigger in table.triggers.values():
        yield visible(f"  trigger {trigger.name}{f' calls {trigger.function}' if trigger.function else ''}")
    pointing = sorted({str(each.name) for each, _ in schema.referencing(table.name)})
    if pointing:
        yield visible(f"  referenced by {', '.join(pointing)}")
    readers = sorted(str(each.name) for each in schema.readers(table.name))
    if readers:
        yield visible(f"  read by {', '.join(readers)}")
    if table.reads:
        yield visible(f"  reads {', '.join(map(str, table.reads))}")


def _of(state: ConstraintState) -> str:
    constraint = state.constraint
    text = _what(constraint)
    if constraint.references is not None:
        text += f" -> {constraint.references}"
        text += f" ({', '.join(constraint.referred)})" if constraint.referred else ""
    text += f" on delete {constraint.on_delete}" if constraint.on_delete else ""
    text += " deferrable" if constraint.deferrable else ""
    return text if constraint.valid else f"{text} not valid"


def _what(constraint: Constraint) -> str:
    if constraint.expression:
        return " ".join(constraint.expression.split())
    return f"({', '.join(constraint.columns)})"


def _index(state: IndexState) -> str:
    index = state.index
    keys = [
        f"{key or '?'} {order}".strip()
        for key, order in zip(index.keys, index.ordering or [""] * len(index.keys), strict=False)
    ]
    text = f"{'unique ' if index.unique else ''}index {state.name} ({', '.join(keys)})"
    text += f" using {index.using}" if index.using not in ("", "btree") else ""
    text += f" include ({', '.join(index.include)})" if index.include else ""
    text += f" where {' '.join(index.where.split())}" if index.where else ""
    return text if state.valid else f"{text} not valid"


# -- JSON ------------------------------------------------------------------------------------------------


def _data(name: str, revision: str, schema: Schema) -> dict[str, Any]:
    return {
        "history": name,
        "revision": revision,
        "extensions": sorted(name for name, _ in schema.extensions.items()),
        "types": [
            {
                "name": str(each.name),
                "kind": each.kind.value,
                "labels": list(each.labels),
                "base": each.base,
                "made_in": each.made_in,
            }
            for _, each in sorted(schema.types.items())
            if not each.extension
        ],
        "sequences": [
            {
                "name": str(each.name),
                "owned_by": f"{each.table}.{each.column}" if each.column else None,
                "made_in": each.made_in,
            }
            for _, each in sorted(schema.sequences.items())
        ],
        "tables": [_table(schema, each) for each in tables_of(schema)],
    }


def _table(schema: Schema, table: Table) -> dict[str, Any]:
    return {
        "name": str(table.name),
        "kind": table.kind.value,
        "made_in": table.made_in,
        "complete": table.complete,
        "comment": table.comment or None,
        "parents": [str(each) for each in table.parents],
        "bound": table.bound or None,
        "reads": [str(each) for each in table.reads],
        "columns": [
            {
                "name": state.column.name,
                "type": state.column.type or None,
                "nullable": state.column.nullable,
                "default": state.column.default,
                "identity": state.column.identity,
                "generated": state.column.generated,
                "comment": state.column.comment,
                "made_in": state.made_in,
                "unknown": list(state.column.unknown),
            }
            for state in table.columns.values()
        ],
        "constraints": [
            {
                "name": state.name,
                "kind": state.kind.value,
                "columns": list(state.constraint.columns),
                "references": str(state.constraint.references) if state.constraint.references else None,
                "referred": list(state.constraint.referred),
                "on_delete": state.constraint.on_delete or None,
                "expression": state.constraint.expression or None,
                "valid": state.constraint.valid,
                "made_in": state.made_in,
            }
            for state in table.constraints.values()
        ],
        "indexes": [
            {
                "name": state.name,
                "keys": list(state.index.keys),
                "unique": state.index.unique,
                "using": state.index.using or "btree",
                "where": state.index.where or None,
                "include": list(state.index.include),
                "constraint": state.constraint or None,
                "valid": state.valid,
                "made_in": state.made_in,
            }
            for state in table.indexes.values()
        ],
        "triggers": [{"name": each.name, "function": each.function} for each in table.triggers.values()],
        "referenced_by": sorted({str(each.name) for each, _ in schema.referencing(table.name)}),
        "read_by": sorted(str(each.name) for each in schema.readers(table.name)),
    }


# -- Mermaid ---------------------------------------------------------------------------------------------

_NO_TYPE = lazily(r"[^A-Za-z0-9_()\[\]-]+")
_PLAIN = lazily(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def _diagram(schema: Schema, name: str) -> str:
    lines = [f"%% {_unheeded(name)}", "erDiagram"]
    tables = tables_of(schema)
    for table in tables:
        lines.append(f"    {_entity(table)} {{")
        keys = _keys(table)
        for column in table.columns:
            kind = _NO_TYPE.sub("_", table.columns[column].column.type).strip("_") or "unknown"
            mark = f" {','.join(keys[column])}" if column in keys else ""
            lines.append(f"        {kind} {_attribute(column)}{mark}")
        lines.append("    }")
    for table in tables:
        for state in table.constraints.values():
            target = schema.table(state.constraint.references) if state.constraint.references else None
            if state.kind is ConstraintKind.FOREIGN_KEY and target is not None:
                alone = any(
                    each.constraint.columns == state.constraint.columns and each.index
                    for each in table.constraints.values()
                )
                label = _unheeded(", ".join(state.constraint.columns))
                lines.append(
                    f'    {_entity(target)} ||--{"o|" if alone else "o{"} {_entity(table)} : "{label}"'
                )
    return "\n".join(lines) + "\n"


def _entity(table: Table) -> str:
    name = _unheeded(str(table.name))
    return name if _PLAIN.match(name) else f'"{name}"'


def _unheeded(text: str) -> str:
    """Text that ends no label and is no markup, and in which Mermaid, which looks everywhere, finds no
    directive.
    """
    shown = visible(text).replace("##[", "#35;#[").replace('"', "'").replace("%", "#37;")
    return shown.replace("<", "#lt;").replace(">", "#gt;")


def _attribute(name: str) -> str:
    return name if _PLAIN.match(name) else re.sub(r"\W+", "_", name) or "_"


def _keys(table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    marks = {ConstraintKind.PRIMARY_KEY: "PK", ConstraintKind.FOREIGN_KEY: "FK", ConstraintKind.UNIQUE: "UK"}
    for state in table.constraints.values():
        mark = marks.get(state.kind)
        for column in state.constraint.columns if mark else ():
            if mark and mark not in found.setdefault(column, []):
                found[column].append(mark)
    return found

"""What is still there where the history ends: of what is gone by then nobody has to hear."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Column, Kind, Relation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.steps import Step

_RENAMES = (Kind.RENAME_TABLE, Kind.RENAME_COLUMN, Kind.SET_SCHEMA)


def table_lasts(step: Step) -> bool:
    """Whether the table that a step makes is there where the history ends; a renamed one counts as such."""
    name = step.operation.table
    table = step.lineage.end.table(name)
    if (name.key, "") in _renamed(step.lineage):
        return True
    return table is not None and table.made_in == step.migration.revision


def column_lasts(step: Step, column: Column) -> bool:
    """Whether a column that a step makes is there and of its type where the history ends.

    A renamed one counts as such, and a new length is no other type.
    """
    lineage, name = step.lineage, step.operation.table
    if not {(name.key, ""), (name.key, column.name)}.isdisjoint(_renamed(lineage)):
        return True
    table = lineage.end.table(name)
    state = table.columns.get(column.name) if table is not None else None
    if state is None or state.made_in != step.migration.revision:
        return False
    return state.column.type.partition("(")[0] == column.type.partition("(")[0]


def _renamed(lineage: Lineage) -> frozenset[tuple[Relation, str]]:
    """Every column with its table, and every table with "", that has been given another name."""
    if _renamed not in lineage.derived:
        lineage.derived[_renamed] = frozenset(
            (each.table.key, each.columns[0].name if each.kind is Kind.RENAME_COLUMN else "")
            for migration in lineage.order
            for each in migration.upgrade
            if each.kind in _RENAMES
        )
    found: frozenset[tuple[Relation, str]] = lineage.derived[_renamed]
    return found

"""The mend of required columns that come back in downgrade(): rows get a value, by a default that goes."""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.checks.migrations._columns import neutral
from runcrew_lint.domains.migrations.facts import Direction, Form, Migration, Operation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.mend import MendRequest, Plain


def filling_mend(lineage: Lineage, migration: Migration, added: Sequence[Operation]) -> MendRequest | None:
    """The mend that fills them all; None where a neutral value is not known or would not do for every row.

    MySQL asks for the type to change a default, SQLite changes none.
    """
    if lineage.others or migration.tool != "alembic":
        return None
    columns: list[Plain] = []
    for each in added:
        column = each.columns[0]
        default = neutral(column)
        is_own = each.form in (Form.CALL, Form.BATCH) and not (each.helper or each.repeats or each.conditions)
        if default is None or not is_own or each.table.schema == "?":
            return None
        if _is_told_apart(each, migration) or _had_default(each, lineage, migration):
            return None
        columns.append((*column.span, *each.call, column.name, each.table.name, each.table.schema, *default))
    place = migration.place(added[0].call, Direction.DOWNGRADE)
    return MendRequest("python_columns.filled", place, (("columns", tuple(columns)),))


def _is_told_apart(added: Operation, migration: Migration) -> bool:
    """Whether the column may not be the same in every row, or has to be that of another table's row."""
    column = added.columns[0]
    own = [each for each in migration.downgrade if each.table.key == added.table.key]
    keys = [each.index.keys for each in own if each.index is not None and each.index.unique]
    keys += [constraint.columns for each in own for constraint in each.constraints]
    return any(column.name in key for key in keys)


def _had_default(added: Operation, lineage: Lineage, migration: Migration) -> bool:
    """Whether the column that went had a default, which would be the better one."""
    state = lineage.before(migration.revision).column(added.table, added.columns[0].name)
    return state is not None and state.column.default is not None

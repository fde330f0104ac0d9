"""What takes one step of an upgrade() back, where that is known from the step and the schema before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from runcrew_lint.checks.migrations._rebuilt import (
    Undo,
    Words,
    commented,
    constraint_again,
    index_again,
    index_gone,
    on_schema,
    said_kind,
    sql,
)
from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    Column,
    Constraint,
    ConstraintKind,
    Form,
    Kind,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import Schema

_ROWS = frozenset({Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.TRUNCATE})


def undo(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    """What takes a step back; empty where it had nothing to do, None where nothing does."""
    if operation.if_exists or operation.replaces or operation.cascade or operation.temporary:
        return None
    handler = _HANDLERS.get(operation.kind)
    if handler is None or operation.kind in _ROWS:
        return None
    return handler(operation, schema, lineage)


def _create_table(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    back = Operation(Kind.DROP_TABLE, NOWHERE, table=operation.table)
    return [Undo(back, "drop_table", (operation.table.name,), on_schema(operation.table))]


def _create_view(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    word = "MATERIALIZED VIEW" if operation.materialized else "VIEW"
    back = Operation(Kind.DROP_VIEW, NOWHERE, table=operation.table, materialized=operation.materialized)
    return [sql(back, f"DROP {word} {qualified(operation.table)}")]


def _rename_table(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    new = operation.target
    if new is None:
        return None
    back = Operation(Kind.RENAME_TABLE, NOWHERE, table=new, target=operation.table)
    return [Undo(back, "rename_table", (new.name, operation.table.name), on_schema(operation.table))]


def _add_column(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    (column, *others) = operation.columns
    if others:
        return None
    back = Operation(Kind.DROP_COLUMN, NOWHERE, table=operation.table, columns=(Column(column.name),))
    return [Undo(back, "drop_column", (operation.table.name, column.name), on_schema(operation.table))]


def _rename_column(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, old = operation.table, operation.columns[0].name
    back = Operation(Kind.RENAME_COLUMN, NOWHERE, table=table, name=old, columns=(Column(operation.name),))
    names = ("new_column_name", old)
    return [Undo(back, "alter_column", (table.name, operation.name), (names, *on_schema(table)))]


def _set_not_null(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    return _nullable(operation, schema, Kind.DROP_NOT_NULL, nullable=True)


def _drop_not_null(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    return _nullable(operation, schema, Kind.SET_NOT_NULL, nullable=False)


def _nullable(operation: Operation, schema: Schema, kind: Kind, *, nullable: bool) -> list[Undo] | None:
    table, name = operation.table, operation.columns[0].name
    state = schema.column(table, name)
    if state is None or {"*", "nullable"} & set(state.column.unknown):
        return None
    if state.column.nullable != nullable:
        return []  # it was so before
    back = Operation(kind, NOWHERE, table=table, columns=(Column(name),))
    said = ("nullable", nullable)
    return [Undo(back, "alter_column", (table.name, name), (said, *on_schema(table)))]


def _default(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.columns[0].name
    state = schema.column(table, name)
    if state is None or {"*", "default"} & set(state.column.unknown) or state.column.default == "?":
        return None
    default = state.column.default
    on = f"ALTER TABLE {qualified(table)} ALTER COLUMN {quoted(name)}"
    if default is None:
        back = Operation(Kind.DROP_DEFAULT, NOWHERE, table=table, columns=(Column(name),))
        return [sql(back, f"{on} DROP DEFAULT")]
    back = Operation(Kind.SET_DEFAULT, NOWHERE, table=table, columns=(Column(name, default=default),))
    return [sql(back, f"{on} SET DEFAULT {default}")]


def _comment(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.columns[0].name
    state = schema.column(table, name)
    if state is None or {"*", "comment"} & set(state.column.unknown):
        return None
    return [commented(table, name, state.column.comment)]


def _create_index(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.name
    if not name or not table.name:
        return None
    gone = index_gone(table, name)
    if operation.transaction is not Transaction.AUTOCOMMIT:
        return [gone]
    retried: Words = (("postgresql_concurrently", True), ("if_exists", True))
    return [replace(gone, keywords=(*gone.keywords, *retried), block=True)]


def _drop_index(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    index = operation.table._replace(name=operation.name)
    table = schema.table(schema.table_of_index(index) or operation.table)
    state = table.indexes.get(operation.name) if table is not None else None
    if table is None or state is None or operation.transaction is Transaction.AUTOCOMMIT:
        return None
    made = index_again(table.name, state)
    return [made] if made is not None else None


def _drop_constraint(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table = schema.table(operation.table)
    state = table.constraints.get(operation.name) if table is not None else None
    made = constraint_again(operation.table, state, lineage) if state is not None else None
    return [made] if made is not None else None


def _rename_index(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    if operation.target is None:
        return None
    new = operation.table._replace(name=operation.target.name)
    old = Relation(operation.table.schema, operation.name)
    back = replace(operation, name=new.name, target=old, call=NOWHERE, span=NOWHERE)
    return [sql(back, f"ALTER INDEX {qualified(new)} RENAME TO {quoted(operation.name)}")]


def _rename_constraint(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    if operation.target is None:
        return None
    new, table = operation.target.name, operation.table
    old = operation.target._replace(name=operation.name)
    back = replace(operation, name=new, target=old, call=NOWHERE, span=NOWHERE)
    rename = f"RENAME CONSTRAINT {quoted(new)} TO {quoted(operation.name)}"
    return [sql(back, f"ALTER TABLE {qualified(table)} {rename}")]


def _add_constraint(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    (constraint, *others) = operation.constraints
    table, name = operation.table, _final_name(operation, constraint, schema, lineage)
    if others or not name:
        return None
    back = Operation(Kind.DROP_CONSTRAINT, NOWHERE, table=table, name=name)
    kind = said_kind(constraint.kind)
    if operation.form is Form.SQL or constraint.kind is ConstraintKind.CHECK or not kind:
        # A naming convention would make another name of the one that it is given here.
        return [sql(back, f"ALTER TABLE {qualified(table)} DROP CONSTRAINT {quoted(name)}")]
    said: Words = (("type_", kind), *on_schema(table))
    return [Undo(back, "drop_constraint", (name, table.name), said)]


def _final_name(operation: Operation, constraint: Constraint, schema: Schema, lineage: Lineage) -> str:
    """The name that a constraint gets, for a convention may make another of a CHECK's; "" for not known."""
    if operation.form is Form.SQL or constraint.kind is not ConstraintKind.CHECK or not constraint.name:
        return constraint.name
    return "" if lineage.renames_checks else constraint.name


def _create_type(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    of, _, name = operation.name.rpartition(".")
    back = Operation(Kind.DROP_TYPE, NOWHERE, name=operation.name)
    return [sql(back, f"DROP TYPE {qualified(Relation(of, name))}")] if name else None


def _create_sequence(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    back = Operation(Kind.DROP_SEQUENCE, NOWHERE, table=operation.table)
    return [sql(back, f"DROP SEQUENCE {qualified(operation.table)}")]


_Handler = Callable[[Operation, Schema, Lineage], "list[Undo] | None"]
_HANDLERS: Mapping[Kind, _Handler] = {
    Kind.CREATE_TABLE: _create_table,
    Kind.CREATE_VIEW: _create_view,
    Kind.RENAME_TABLE: _rename_table,
    Kind.ADD_COLUMN: _add_column,
    Kind.RENAME_COLUMN: _rename_column,
    Kind.SET_NOT_NULL: _set_not_null,
    Kind.DROP_NOT_NULL: _drop_not_null,
    Kind.SET_DEFAULT: _default,
    Kind.DROP_DEFAULT: _default,
    Kind.COMMENT_COLUMN: _comment,
    Kind.CREATE_INDEX: _create_index,
    Kind.DROP_INDEX: _drop_index,
    Kind.RENAME_INDEX: _rename_index,
    Kind.ADD_CONSTRAINT: _add_constraint,
    Kind.DROP_CONSTRAINT: _drop_constraint,
    Kind.RENAME_CONSTRAINT: _rename_constraint,
    Kind.CREATE_TYPE: _create_type,
    Kind.CREATE_SEQUENCE: _create_sequence,
}

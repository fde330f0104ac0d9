"""The mirror of an upgrade(): what takes each of its steps back, in the other order.

Only what has an exact inverse is taken back, known from the operation and from the schema just before it.
What is lost, as a table that is dropped or a row that is changed, has none, and then the whole has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from runcrew_lint.checks.migrations._mends import around, can_leave
from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    Column,
    Constraint,
    ConstraintKind,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.mirror import differences
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place

# What leaves nothing behind that a rollback would have to see to.
_NOTHING = frozenset(
    {
        *(Kind.SET, Kind.SELECT, Kind.LOCK, Kind.ANALYZE, Kind.VACUUM, Kind.REINDEX, Kind.CLUSTER),
        *(Kind.REFRESH, Kind.VALIDATE_CONSTRAINT),
    }
)
_ROWS = frozenset({Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.TRUNCATE})
_TYPES = {kind: word for word, kind in SAID_KINDS.items()}

Word = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes one step back: a call of `op`, and what it does.

    Arguments:
        method, arguments, keywords: the call; `execute` sends SQL.
        block: whether it runs outside the transaction, as the step did.
    """

    operation: Operation
    method: str
    arguments: tuple[Word, ...]
    keywords: tuple[tuple[str, Word], ...] = ()
    block: bool = False


def mirror_mend(lineage: Lineage, migration: Migration) -> MendRequest | None:
    """The mend that writes downgrade() of a revision whose upgrade() can be taken back."""
    return _mend("python_mirror.written", lineage, migration, mirrored(lineage, migration))


def completing_mend(lineage: Lineage, migration: Migration, left: Schema) -> MendRequest | None:
    """The mend that adds to downgrade() what it has missed, where that is all there is to be done.

    Arguments:
        left: the schema that downgrade() leaves.
    """
    return _mend("python_mirror.completed", lineage, migration, _missed(lineage, migration, left))


def _mend(
    name: str, lineage: Lineage, migration: Migration, undone: tuple[Undo, ...] | None
) -> MendRequest | None:
    if migration.tool != "alembic":
        return None
    blocks = around(lineage) if can_leave(lineage) else None
    if not undone or (blocks is None and any(each.block for each in undone)):
        return None
    calls: Plain = tuple((each.method, each.arguments, each.keywords, each.block) for each in undone)
    place = Place(migration.path, migration.upgrade_span)
    return MendRequest(name, place, (("calls", calls), *(blocks or ())))


def mirrored(lineage: Lineage, migration: Migration) -> tuple[Undo, ...] | None:
    """What takes upgrade() back; None where one of its steps has no exact inverse."""
    undone: list[Undo] = []
    for made in _inverses(lineage, migration):
        if made is None:
            return None
        undone += made
    return tuple(undone) if undone and _leads_back(lineage, migration, undone) else None


def _inverses(lineage: Lineage, migration: Migration) -> Iterator[list[Undo] | None]:
    """What takes each step back, the last one first; None for a step that has no exact inverse."""
    if any(each.direction is Direction.UPGRADE for each in migration.unresolved):
        yield None
    for operation, schema in reversed(lineage.steps(migration)):
        if operation.conditions or operation.transaction is Transaction.ENDED:
            yield None
        elif operation.kind not in _NOTHING and not _is_on_own(operation, schema, migration.revision):
            yield _undo(operation, schema, lineage)


def _missed(lineage: Lineage, migration: Migration, left: Schema) -> tuple[Undo, ...] | None:
    """What downgrade() has not done of what takes upgrade() back; None where that is not all."""
    if any(each.conditions for each in (*migration.upgrade, *migration.downgrade)):
        return None
    before, between = lineage.before(migration.revision), lineage.after(migration.revision)

    def count(undone: list[Undo], schema: Schema) -> int:
        added = tuple(each.operation for each in undone)
        tried = replace(migration, downgrade=(*migration.downgrade, *added))
        return len(set(differences(tried, before, between, schema)))

    undone: list[Undo] = []
    wrong = count([], left)
    for made in _inverses(lineage, migration):
        for each in made or ():
            schema = left.after(each.operation, migration.revision)
            less = count([*undone, each], schema)
            if less < wrong:
                undone.append(each)
                left, wrong = schema, less
    return tuple(undone) if undone and not wrong else None


def _leads_back(lineage: Lineage, migration: Migration, undone: list[Undo]) -> bool:
    """Whether the replay of both comes to the schema that was before."""
    before, between = lineage.before(migration.revision), lineage.after(migration.revision)
    schema = between.entering(migration.revision)
    for each in undone:
        schema = schema.after(each.operation, migration.revision)
    tried = replace(migration, downgrade=tuple(each.operation for each in undone), downgrade_empty=False)
    return not any(differences(tried, before, between, schema))


def _is_on_own(operation: Operation, schema: Schema, revision: str) -> bool:
    """Whether it acts on what this revision has made, so that undoing that undoes it, too."""
    if operation.kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW, Kind.RENAME_TABLE, Kind.SET_SCHEMA):
        return False
    table = schema.table(operation.table)
    if table is not None and table.made_in == revision and operation.kind is not Kind.DROP_TABLE:
        return operation.kind is not Kind.CREATE_TYPE
    if operation.kind in (Kind.ADD_COLUMN, Kind.RENAME_COLUMN, Kind.DROP_COLUMN) or not operation.columns:
        return operation.form is Form.INLINE and operation.kind is Kind.CREATE_INDEX
    states = [schema.column(operation.table, each.name) for each in operation.columns]
    return all(state is not None and state.made_in == revision for state in states) and (
        operation.kind is not Kind.INSERT
    )


def _undo(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    """What takes a step back; empty where it had nothing to do, None where nothing does."""
    if operation.if_exists or operation.replaces or operation.cascade or operation.temporary:
        return None
    handler = _HANDLERS.get(operation.kind)
    if handler is None or operation.kind in _ROWS:
        return None
    return handler(operation, schema, lineage)


def _schema(table: Relation) -> tuple[tuple[str, Word], ...]:
    return (("schema", table.schema),) if table.schema else ()


def _sql(operation: Operation, statement: str) -> list[Undo]:
    return [Undo(operation, "execute", (statement,))]


def _create_table(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    back = Operation(Kind.DROP_TABLE, NOWHERE, table=operation.table)
    return [Undo(back, "drop_table", (operation.table.name,), _schema(operation.table))]


def _create_view(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    word = "MATERIALIZED VIEW" if operation.materialized else "VIEW"
    back = Operation(Kind.DROP_VIEW, NOWHERE, table=operation.table, materialized=operation.materialized)
    return _sql(back, f"DROP {word} {qualified(operation.table)}")


def _rename_table(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    new = operation.target
    if new is None:
        return None
    back = Operation(Kind.RENAME_TABLE, NOWHERE, table=new, target=operation.table)
    return [Undo(back, "rename_table", (new.name, operation.table.name), _schema(operation.table))]


def _add_column(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    (column, *others) = operation.columns
    if others:
        return None
    back = Operation(Kind.DROP_COLUMN, NOWHERE, table=operation.table, columns=(Column(column.name),))
    return [Undo(back, "drop_column", (operation.table.name, column.name), _schema(operation.table))]


def _rename_column(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, old = operation.table, operation.columns[0].name
    back = Operation(Kind.RENAME_COLUMN, NOWHERE, table=table, name=old, columns=(Column(operation.name),))
    names = ("new_column_name", old)
    return [Undo(back, "alter_column", (table.name, operation.name), (names, *_schema(table)))]


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
    return [Undo(back, "alter_column", (table.name, name), (said, *_schema(table)))]


def _default(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.columns[0].name
    state = schema.column(table, name)
    if state is None or {"*", "default"} & set(state.column.unknown) or state.column.default == "?":
        return None
    default = state.column.default
    on = f"ALTER TABLE {qualified(table)} ALTER COLUMN {quoted(name)}"
    if default is None:
        back = Operation(Kind.DROP_DEFAULT, NOWHERE, table=table, columns=(Column(name),))
        return _sql(back, f"{on} DROP DEFAULT")
    back = Operation(Kind.SET_DEFAULT, NOWHERE, table=table, columns=(Column(name, default=default),))
    return _sql(back, f"{on} SET DEFAULT {default}")


def _comment(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.columns[0].name
    state = schema.column(table, name)
    if state is None or {"*", "comment"} & set(state.column.unknown):
        return None
    comment = state.column.comment
    back = Operation(Kind.COMMENT_COLUMN, NOWHERE, table=table, columns=(Column(name, comment=comment),))
    text = "NULL" if comment is None else "'{}'".format(comment.replace("'", "''"))
    return _sql(back, f"COMMENT ON COLUMN {qualified(table)}.{quoted(name)} IS {text}")


def _create_index(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    table, name = operation.table, operation.name
    if not name or not table.name:
        return None
    back = Operation(Kind.DROP_INDEX, NOWHERE, table=table, name=name)
    on: tuple[tuple[str, Word], ...] = (("table_name", table.name), *_schema(table))
    if operation.transaction is not Transaction.AUTOCOMMIT:
        return [Undo(back, "drop_index", (name,), on)]
    retried: tuple[tuple[str, Word], ...] = (("postgresql_concurrently", True), ("if_exists", True))
    return [Undo(back, "drop_index", (name,), (*on, *retried), block=True)]


def _add_constraint(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    (constraint, *others) = operation.constraints
    table, name = operation.table, _final_name(operation, constraint, schema, lineage)
    if others or not name:
        return None
    back = Operation(Kind.DROP_CONSTRAINT, NOWHERE, table=table, name=name)
    kind = _TYPES.get(constraint.kind)
    if operation.form is Form.SQL or constraint.kind is ConstraintKind.CHECK or kind is None:
        # A naming convention would make another name of the one that it is given here.
        return _sql(back, f"ALTER TABLE {qualified(table)} DROP CONSTRAINT {quoted(name)}")
    said: tuple[tuple[str, Word], ...] = (("type_", kind), *_schema(table))
    return [Undo(back, "drop_constraint", (name, table.name), said)]


def _final_name(operation: Operation, constraint: Constraint, schema: Schema, lineage: Lineage) -> str:
    """The name that a constraint gets, for a convention may make another of a CHECK's; "" for not known."""
    if operation.form is Form.SQL or constraint.kind is not ConstraintKind.CHECK or not constraint.name:
        return constraint.name
    if any(each.naming_convention is None for each in lineage.setups):
        return ""
    return named(operation, lineage.naming).constraints[0].name


def _create_type(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    of, _, name = operation.name.rpartition(".")
    back = Operation(Kind.DROP_TYPE, NOWHERE, name=operation.name)
    return _sql(back, f"DROP TYPE {qualified(Relation(of, name))}") if name else None


def _create_sequence(operation: Operation, schema: Schema, lineage: Lineage) -> list[Undo] | None:
    back = Operation(Kind.DROP_SEQUENCE, NOWHERE, table=operation.table)
    return _sql(back, f"DROP SEQUENCE {qualified(operation.table)}")


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
    Kind.ADD_CONSTRAINT: _add_constraint,
    Kind.CREATE_TYPE: _create_type,
    Kind.CREATE_SEQUENCE: _create_sequence,
}

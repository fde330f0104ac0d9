"""downgrade-order: something goes before what needs it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import RUNS, Direction, Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_DROPS = (Kind.DROP_TABLE, Kind.DROP_VIEW)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP of downgrade() that the server refuses: another object depends on it (2BP01)."""
    for function in runs(repository.derive(history_of), policy):
        strangers: set[Relation] = set()  # tables that lost a constraint whose name nobody here gave
        for statement in function:
            if statement.direction is Direction.UPGRADE or _is_partly_read(statement.migration):
                break
            strangers |= _strangers(statement)
            revision = statement.migration.revision
            together = {each.table.key for each in statement.operations if each.kind in _DROPS}
            for operation in statement.operations:
                needed = _needed(operation, statement.schema, together | strangers, revision)
                if needed:
                    yield Fault(
                        statement.migration.place(operation.span, statement.direction),
                        f"{_what(operation)} can't be dropped while {needed} needs it: the rollback stops",
                        notes=only_if(operation),
                    )


def _is_partly_read(migration: Migration) -> bool:
    """Whether something in downgrade() is not known: it may have dropped what still seems to be needed."""
    return any(each.direction is Direction.DOWNGRADE and each.what != RUNS for each in migration.unresolved)


def _strangers(statement: Statement) -> set[Relation]:
    """The tables on which a constraint goes that is not known by its name: a naming convention gave it."""
    return {
        each.table.key
        for each in statement.operations
        if each.kind is Kind.DROP_CONSTRAINT and statement.schema.constraint(each.table, each.name) is None
    }


def _needed(operation: Operation, schema: Schema, together: set[Relation], revision: str) -> str:
    """What still needs the thing that goes, "" where nothing is known to."""
    if operation.cascade:
        return ""
    if operation.kind is Kind.DROP_TABLE:
        for table, key in schema.referencing(operation.table):
            if table.name.key not in together:
                return f"the foreign key {key.name} of {table.name}"
        readers = tuple(each for each in schema.readers(operation.table) if each.kind.is_view)
        return f"the view {readers[0].name}" if readers else ""
    if operation.kind is Kind.DROP_VIEW:
        readers = tuple(each for each in schema.readers(operation.table) if each.name.key not in together)
        return f"the view {readers[0].name}" if readers else ""
    if operation.kind is Kind.DROP_COLUMN:
        for column in operation.columns:
            state = schema.column(operation.table, column.name)
            made = state.made_in if state is not None else ""
            for reader in schema.readers(operation.table, column.name):
                # `*` names the columns that were there when the view was made.
                was_there = made != revision or reader.made_in == revision
                if was_there and reader.kind.is_view and (reader.query or reader.read_columns):
                    return f"the view {reader.name}"
    if operation.kind is Kind.DROP_TYPE:
        schema_name, _, name = operation.name.rpartition(".")
        relation = operation.table if operation.table.name else Relation(schema_name, name)
        for table, state in schema.users_of(relation):
            return f"the column {table.name}.{state.column.name}"
    if operation.kind is Kind.DROP_FUNCTION and not operation.values:  # a trigger's takes no arguments
        for _, table in schema.tables.items():
            for trigger in table.triggers.values():
                if trigger.function and _named(trigger.function) == _named(operation.name):
                    return f"the trigger {trigger.name} of {table.name}"
    return ""


def _named(function: str) -> Relation:
    schema, _, name = function.rpartition(".")
    return Relation(schema, name).key


def _what(operation: Operation) -> str:
    if operation.kind is Kind.DROP_COLUMN:
        return f"{operation.table}.{operation.columns[0].name}"
    if operation.kind is Kind.DROP_FUNCTION:
        return f"{operation.words or 'function'} {operation.name}"
    return str(operation.table) if operation.table.name else f"type {operation.name}"

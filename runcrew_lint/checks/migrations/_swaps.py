"""The mends of a key that takes another one's place: its index is built first, at the front of the revision.

The manual's page of ALTER TABLE has it for a primary key: a unique index is built CONCURRENTLY, and handed
over where the old key is dropped. So no moment is without one of them, and the transaction is a short one.
"""

from __future__ import annotations

from dataclasses import replace

from runcrew_lint.checks.migrations._mends import (
    around,
    can_leave,
    is_buildable,
    is_mendable,
    key_statements,
    stands_alone,
)
from runcrew_lint.checks.migrations._moves import words_of
from runcrew_lint.domains.migrations.facts import (
    UNNAMED,
    Constraint,
    Direction,
    Form,
    Kind,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place

_LONGEST = 63  # bytes of a name
# What neither writes the rows of its table nor changes a column that it does not name.
_BESIDE = frozenset(
    {
        *(Kind.ADD_COLUMN, Kind.DROP_COLUMN, Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.SET_NOT_NULL),
        *(Kind.DROP_NOT_NULL, Kind.ALTER_TYPE, Kind.COMMENT_COLUMN, Kind.VALIDATE_CONSTRAINT),
    }
)
_KEYS = (Kind.DROP_CONSTRAINT, Kind.ADD_CONSTRAINT, Kind.DROP_INDEX, Kind.CREATE_INDEX)
# What an expression or an operator class may rest on, or what may do anything.
_MAKES = frozenset(
    {
        *(Kind.OTHER, Kind.CREATE_FUNCTION, Kind.CREATE_EXTENSION, Kind.CREATE_TYPE, Kind.ALTER_ENUM),
        *(Kind.RENAME_TABLE, Kind.SET_SCHEMA, Kind.COMMIT, Kind.BEGIN, Kind.ROLLBACK),
        *(Kind.DELETE, Kind.TRUNCATE),  # by cascade they reach other tables
    }
)


def swapped_key(step: Step, constraint: Constraint) -> MendRequest | None:
    """The mend of a key; None where its columns come or change with the revision itself."""
    start = step.lineage.before(step.migration.revision)
    table = start.table(step.operation.table)
    if table is None or not table.complete or not is_buildable(table, constraint):
        return None
    if not _can_swap(step, set(constraint.columns)):
        return None
    name = _free(start, step.operation, constraint.name)
    if name is None:
        return None
    *built, taken = key_statements(step.operation.table, constraint, name)
    return _request(step, name, tuple(built), (taken,))


def swapped_index(step: Step) -> MendRequest | None:
    """The mend of a unique index that comes for another one of its table."""
    operation, index = step.operation, step.operation.index
    if index is None or not index.unique or index.only or operation.if_exists or not operation.name:
        return None
    if operation.form is not Form.CALL or operation.words == UNNAMED:
        return None
    start = step.lineage.before(step.migration.revision)
    table = start.table(operation.table)
    if table is None or not table.complete or table.partitioned or table.parents:
        return None
    words = words_of(*index.keys, *index.include, index.where)
    if not words & set(table.columns) or not _can_swap(step, words):
        return None
    name = _free(start, operation, operation.name)
    if name is None:
        return None
    built = qualified(operation.table._replace(name=name))
    renamed = () if name == operation.name else (f"ALTER INDEX {built} RENAME TO {quoted(operation.name)}",)
    return _request(step, name, (), renamed)


def _request(step: Step, name: str, block: tuple[str, ...], put: tuple[str, ...]) -> MendRequest | None:
    session = step.lineage.steps(step.migration)[0][1].session
    blocks = around(step.lineage, session.before(replace(step.operation, transaction=Transaction.AUTOCOMMIT)))
    if blocks is None:
        return None
    told: tuple[tuple[str, Plain], ...] = (("name", name), ("block", block), ("put", put), *blocks)
    return MendRequest("python_swaps.built_first", Place(step.migration.path, step.operation.call), told)


def _can_swap(step: Step, words: set[str]) -> bool:
    """Whether the index could be built before anything else of the revision is done."""
    operation, migration = step.operation, step.migration
    if step.lineage.others or not can_leave(step.lineage):
        return False
    if not is_mendable(migration, operation) or operation.conditions:
        return False
    if operation.form is Form.BATCH or operation.concurrently or not stands_alone(migration, operation):
        return False
    if operation.transaction is not Transaction.MIGRATION:
        return False
    if any(each.direction is Direction.UPGRADE for each in migration.unresolved):
        return False
    return all(_is_beside(each, operation.table, words) for each in migration.upgrade[: step.at])


def _is_beside(earlier: Operation, table: Relation, words: set[str]) -> bool:
    """Whether the index is the same, and can be built as well, before an operation as after it."""
    if earlier.kind is Kind.SET:
        return earlier.name != "search_path"
    if earlier.kind in _KEYS:
        return True
    if earlier.kind in _MAKES or not earlier.table.name:
        return False
    named = {each.name for each in earlier.columns} | {earlier.name}
    return earlier.table.key != table.key or (earlier.kind in _BESIDE and not named & words)


def _free(start: Schema, operation: Operation, name: str) -> str | None:
    """A name for the index until it is handed over: its own, where nothing has it as the revision begins."""
    table = operation.table
    for each in (name, f"{name}_new"):
        relation = table._replace(name=each)
        taken = start.table(relation) or start.table_of_index(relation) or start.named(table.schema, each)
        if not taken and start.sequence(relation) is None and len(each.encode()) <= _LONGEST:
            return each
    return None

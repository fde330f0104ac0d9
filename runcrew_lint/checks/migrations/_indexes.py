"""What an index operation is about: its name, its call, its table, and what its conditions ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runcrew_lint.domains.migrations.facts import (
    LONGEST_CONDITION,
    UNNAMED,
    Kind,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.patterns import lazily

_WORD = lazily(r"\w+")
# Conditions that ask what is there: a build that failed leaves an INVALID index, for which they say yes.
_ASKS = lazily(r"ind(?:ex|ices)|exist|inspect|\bhas_", re.IGNORECASE)
_ELSEWHERE = lazily(r"mysql|mariadb|oracle|mssql", re.IGNORECASE)  # none of them knows IF NOT EXISTS


def name_of(operation: Operation, lineage: Lineage) -> str:
    """The index's name, by the naming convention where it is given none; "" where that is not known.

    What rebuilds several indexes has none, and needs none.
    """
    if operation.words != UNNAMED:
        return operation.name or operation.kind.value
    keys = operation.index.keys if operation.index is not None else ()
    has_script = any(each.path.endswith(".py") for each in lineage.setups)
    is_known = has_script and lineage.names_are_known and all(key.isidentifier() for key in keys)
    return named(operation, lineage.naming).name if is_known else ""


def call_of(operation: Operation, lineage: Lineage) -> tuple[int, int, str]:
    """The start and end of the call, and the name of an index that it gives none."""
    return *key_of(operation), name_of(operation, lineage) if operation.words == UNNAMED else ""


def key_of(operation: Operation) -> tuple[int, int]:
    """The start and end of the call, which tell it from others."""
    return operation.call.start, operation.call.end


def table_of(operation: Operation, schema: Schema) -> Relation:
    """The table of an index operation, where it or the schema knows."""
    return schema.table_of_index(operation.table._replace(name=operation.name)) or operation.table


def names_of(steps: Sequence[tuple[Operation, Schema]], table: Relation) -> set[Relation]:
    """What a table is called in a revision, from first to last."""
    names = {table}
    for operation, _ in reversed(steps):
        if operation.target is not None and operation.target.key in names:
            names.add(operation.table.key)
    return names


def drops(operation: Operation) -> bool:
    """Whether it drops an index."""
    return operation.kind is Kind.DROP_INDEX


def goes_with_column(index: Operation, schema: Schema, operations: Sequence[Operation]) -> bool:
    """Whether a column that the dropped index is on goes in the same transaction, and under the same lock."""
    table = schema.table(table_of(index, schema))
    state = table.indexes.get(index.name) if table is not None else None
    if state is None or table is None or not drops(index):
        return False
    return any(
        each.kind is Kind.DROP_COLUMN
        and each.table.key == table.name.key
        and each.transaction is index.transaction is Transaction.MIGRATION
        and each.columns[0].name in state.reads
        for each in operations
    )


def texts_of(index: Operation) -> Iterator[str]:
    """What an index is built of: its keys, what it includes, its condition."""
    if index.index is not None:
        yield from (*index.index.keys, *index.index.include, index.index.where)


def is_partitioned(operation: Operation, schema: Schema) -> bool:
    """Whether its table may be partitioned, so that nothing is built or dropped CONCURRENTLY on it."""
    return operation.kind is not Kind.REINDEX and schema.may_be_partitioned(table_of(operation, schema))


def is_there(operation: Operation, schema: Schema) -> bool:
    """Whether IF NOT EXISTS finds the index: it is not to be built anew.

    Nor is a unique one that it may find, or nothing would keep doubles out meanwhile.
    """
    index = operation.table._replace(name=operation.name)
    is_made = operation.kind is Kind.CREATE_INDEX and operation.if_exists and bool(operation.name)
    may_be = operation.index is not None and operation.index.unique and not operation.concurrently
    return is_made and (may_be or schema.table_of_index(index) is not None)


def is_not_elsewhere(condition: str) -> bool:
    """Whether a condition leaves out a database that knows no IF NOT EXISTS."""
    return bool(_ELSEWHERE.search(condition)) and condition.startswith("not ")


def bars(operation: Operation, condition: str) -> bool:
    """Whether a condition leaves out an index that is to be tried again, or is for another database."""
    asks = operation.kind is Kind.CREATE_INDEX and (
        bool(_ASKS.search(condition))
        or operation.name in _WORD.findall(condition)
        or len(condition) >= LONGEST_CONDITION
    )
    return asks or (bool(_ELSEWHERE.search(condition)) and not is_not_elsewhere(condition))

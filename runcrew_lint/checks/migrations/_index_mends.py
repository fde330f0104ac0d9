"""The mend of a revision's index operations: CONCURRENTLY, where they stand or in a revision of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._index_plan import Plan, plan_of
from runcrew_lint.checks.migrations._indexes import (
    bars,
    call_of,
    drops,
    is_not_elsewhere,
    is_partitioned,
    is_there,
    name_of,
    names_of,
    table_of,
    texts_of,
)
from runcrew_lint.checks.migrations._mends import (
    around,
    can_leave,
    is_own,
    needs_postgres,
)
from runcrew_lint.checks.migrations._moves import (
    Unit,
    can_move,
    is_needed,
    mends,
    undone_by,
    words_of,
)
from runcrew_lint.checks.migrations._swaps import swapped_index
from runcrew_lint.checks.migrations._taken_keys import takes_over
from runcrew_lint.checks.migrations._together import (
    hands_over,
    is_between_keys,
)
from runcrew_lint.domains.migrations.dialect import WITHOUT_IF_EXISTS
from runcrew_lint.domains.migrations.facts import (
    UNNAMED,
    Form,
    Kind,
    Operation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place


def index_mend(step: Step) -> MendRequest | None:
    """The mend that makes an index operation run CONCURRENTLY, on its own, and so that it can be tried again.

    Those of a revision that stand in its transaction are mended together. They stay where they are unless the
    revision could then not be run again after a failure; then they go to its front, where none of them needs
    what comes before it. None where they can't: what an index is built on is made by the revision itself, the
    table is partitioned, the transaction is not Alembic's, or the lock_timeout in force is not known.
    """
    operation, lineage = step.operation, step.lineage
    if not is_own(step.migration, operation) or not can_leave(lineage):
        return None
    if is_partitioned(operation, step.schema) or (operation.repeats and operation.form is not Form.CALL):
        return None
    if hands_over(step) or is_between_keys(step):
        return None
    if is_there(operation, step.schema) or not name_of(operation, lineage):
        return None
    session = step.schema.session.before(replace(operation, transaction=Transaction.AUTOCOMMIT))
    told = around(lineage, session, asks=True)
    if told is None:
        return None
    path = step.migration.path
    plan, call = plan_of(step), call_of(operation, lineage)
    if operation.transaction is Transaction.AUTOCOMMIT:
        if any(bars(operation, each) for each in operation.conditions):
            return None
        plan = Plan((call,), None)
        told = (("begun", False),)  # the block is there, and told of by its own rules
    if _is_for_some(operation, lineage) or needs_postgres(lineage, told):
        if plan.before is not None:
            return None  # what another database needs first is not known
        guard: tuple[tuple[str, Plain], ...] = (("guarded", True),)
    else:
        guard = ()
    if operation.form is Form.BATCH:
        if plan.before is not None or call not in plan.calls:
            return None
        return MendRequest("python_batch.take_out", Place(path, operation.call), (*told, *guard))
    if call not in plan.calls:
        return None
    return MendRequest(
        "python_indexes.together",
        Place(path, operation.call),
        (("calls", plan.calls), ("before", plan.before or ()), *told, *guard),
    )


def _is_for_some(operation: Operation, lineage: Lineage) -> bool:
    """Whether a database runs it that does not know what becomes of it.

    That is CONCURRENTLY, where SQL says it and no call, and IF EXISTS of an index.
    """
    if operation.form is Form.SQL and not operation.concurrently:
        return bool(lineage.others) and not any(map(_is_on_postgres, operation.conditions))
    return bool(lineage.others & WITHOUT_IF_EXISTS) and not any(map(is_not_elsewhere, operation.conditions))


_POSTGRES = lazily(r"""=\s*["']postgres|\bis_(?:pg|postgres)""", re.IGNORECASE)


def _is_on_postgres(condition: str) -> bool:
    """Whether a condition asks for PostgreSQL."""
    return bool(_POSTGRES.search(condition)) and condition.startswith("not ") == ("!=" in condition)


def index_mends(steps: Sequence[Step]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each CREATE INDEX, by its path and place: where it stands, or in a revision of its own."""
    title = "builds the index CONCURRENTLY, in a new revision right after this one: {path}"
    return mends(steps, (index_mend, swapped_index), _unit, title, "index {tables}")


def _unit(step: Step) -> Unit | None:
    """A CREATE INDEX as a part of a revision of its own; None where it can't be."""
    operation, index = step.operation, step.operation.index
    name = name_of(operation, step.lineage)
    if not name or index is None or index.only or not can_move(step):
        return None
    if is_there(operation, step.schema):
        return None
    words = words_of(*texts_of(operation))
    if index.unique and takes_over(step, words):
        return None
    if _is_for_another(step):
        return None
    if is_needed(step, name, words, is_key=index.unique):
        return None
    back = undone_by(step.migration, lambda each: each.kind is Kind.DROP_INDEX and each.name == name)
    told = name if operation.words == UNNAMED else ""
    return Unit(step, back=back, name=told) if back is not None else None


def _is_for_another(step: Step) -> bool:
    """Whether the revision drops an index of the table, or a column that one is on: it would end without that
    and without the new one."""
    steps = step.lineage.steps(step.migration)
    names = names_of(steps, step.operation.table.key)
    return any(
        table_of(operation, schema).key in names and (drops(operation) or _takes_index(operation, schema))
        for operation, schema in steps
    )


def _takes_index(operation: Operation, schema: Schema) -> bool:
    """Whether a column is dropped that an index is on."""
    if operation.kind is not Kind.DROP_COLUMN:
        return False
    gone = {each.name for each in operation.columns}
    return any(not gone.isdisjoint(each.reads) for each in schema.indexes_of(operation.table))

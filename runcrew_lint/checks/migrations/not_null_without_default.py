"""not-null-without-default: a required column for rows that have no value for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from runcrew_lint.checks.migrations._columns import needs_a_value, neutral, takes_default
from runcrew_lint.checks.migrations._mends import is_mendable
from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each column that is added NOT NULL and gets no value from the server."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ADD_COLUMN):
        operation = step.operation
        if not needs_a_value(operation.columns[0]):
            continue
        if step.may_be_new_table or _is_empty(step):
            continue
        yield _fault(step, operation.columns[0])


def _is_empty(step: Step) -> bool:
    """Whether this revision has just removed every row."""
    return step.table is not None and step.table.emptied_in == step.migration.revision


def _fault(step: Step, column: Column) -> Fault:
    table = step.operation.table
    help = ""
    if column.python_default:
        help = (
            "a Python-side `default=` never reaches the database: give `server_default=`, or add the column "
            "nullable, fill it, then set it NOT NULL"
        )
    notes = [*step.lock_notes]
    if step.operation.conditions:
        notes.append(Note("only if", "; ".join(step.operation.conditions)))
    return Fault(
        step.place,
        f"adding {table}.{column.name} NOT NULL without a server default fails once {table} holds a row",
        notes=tuple(notes),
        help=help,
        mend=_mend(step, column),
    )


def _is_given_later(step: Step, column: Column) -> bool:
    """Whether the history decides on a default itself: another one before it would be changed by it."""
    order = step.lineage.order
    later = (each.upgrade for each in order[order.index(step.migration) + 1 :])
    return any(
        each.kind is Kind.SET_DEFAULT
        and each.table.key == step.operation.table.key
        and column.name in (named.name for named in each.columns)
        for each in chain(step.migration.upgrade[step.at + 1 :], *later)
    )


def _is_a_key(step: Step, column: Column) -> bool:
    """Whether the revision makes a key of it and of other new columns, or lets it refer to a row.

    All rows would have the same, or refer to none.
    """
    if column.references is not None:
        return True
    own = [each for each in step.migration.upgrade if each.table.key == step.operation.table.key]
    new = {named.name for each in own if each.kind is Kind.ADD_COLUMN for named in each.columns}
    keys = [each.index.keys for each in own if each.index is not None and each.index.unique]
    keys += [
        constraint.columns
        for each in own
        for constraint in each.constraints
        if constraint.kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
    ]
    refers = any(column.name in each.columns for one in own for each in one.constraints if each.references)
    made = {
        named.name
        for each in own
        for named in each.columns
        if re.search(rf"\b{re.escape(column.name)}\b", named.generated or "")
    }
    if any(not made.isdisjoint(key) for key in keys):
        return True  # what is made of it would be the same in all rows, too
    return refers or any(column.name in key and new.issuperset(key) for key in keys)


# What a person reads, and what may be empty: a name, a URL or a period is not.
_PROSE = lazily(
    r"(?:^|_)(?:about|bio|body|comments?|content|desc|description|details|explanation|message|notes?|reason|remarks?|summary|text)$",
    re.IGNORECASE,
)


def _mend(step: Step, column: Column) -> MendRequest | None:
    """A default for the rows that are there; None for a type whose neutral value nobody knows."""
    if not is_mendable(step.migration, step.operation) or column.unique or "type" in column.unknown:
        return None
    if _is_given_later(step, column) or _is_a_key(step, column):
        return None
    default = neutral(column)
    if default is None or column.span == step.operation.span or not column.span.end:
        return None
    text, is_sql = default
    if not text and not _PROSE.search(column.name):
        return None
    others = step.lineage.others
    if others and (is_sql or not takes_default(column, others)):
        return None
    is_truth = bool(others) and column.type == "boolean"
    told = (("default", text), ("sql", is_sql), *((("truth", True),) if is_truth else ()))
    return MendRequest("python_columns.server_default", Place(step.migration.path, column.span), told)

"""type-int-key: a new key that runs out of numbers, or is not of the type that it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import NewColumn, new_columns
from runcrew_lint.checks.migrations._references import is_refused, untied
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LAST = {"integer": "2,147,483,647", "smallint": "32,767"}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new primary key of one small integer, and at each new column of another type than
    the key it refers to, where that is known.

    A key that is a foreign key as well has its type from there. And one at each foreign key that the server
    refuses for its types.
    """
    yield from _untied(repository, policy)
    for new in new_columns(repository, policy):
        operation, column = new.step.operation, new.column
        reference = _reference(operation, column.name)
        if reference is not None:
            yield from _differing(new, reference)
        elif column.type in _LAST and _key(operation) == (column.name,) and _counts(new):
            yield new.fault(
                f"{new.name} is the table's key and ends at {_LAST[column.type]}: no row fits in then"
            )


def _untied(repository: Repository, policy: Policy) -> Iterator[Fault]:
    kinds = (Kind.CREATE_TABLE, Kind.ADD_COLUMN, Kind.ADD_CONSTRAINT)
    for step in judged_steps(repository.derive(history_of), policy, *kinds):
        operation = step.operation
        if operation.kind is Kind.CREATE_TABLE and operation.if_exists and step.table is not None:
            continue
        for constraint in operation.constraints:
            if constraint.kind is ConstraintKind.FOREIGN_KEY:
                for name, own, other in untied(step, constraint):
                    yield Fault(
                        step.place,
                        f"{operation.table}.{name} is {own} and refers to {other}: no such key can be made "
                        "(42804), and the upgrade stops here",
                        notes=only_if(operation),
                        help="give both columns one type",
                        severity=Severity.ERROR,
                    )


def _counts(new: NewColumn) -> bool:
    """Whether the server hands out the key's numbers; one chosen by hand is a code, and stays small."""
    return new.column.serial or new.column.identity


def _key(operation: Operation) -> tuple[str, ...]:
    for constraint in operation.constraints:
        if constraint.kind is ConstraintKind.PRIMARY_KEY:
            return constraint.columns
    return ()


def _reference(operation: Operation, column: str) -> Constraint | None:
    for constraint in operation.constraints:
        if constraint.kind is ConstraintKind.FOREIGN_KEY and constraint.columns == (column,):
            return constraint
    return None


def _differing(new: NewColumn, reference: Constraint) -> Iterator[Fault]:
    schema, other = new.step.lineage.end, reference.references
    table = schema.table(other) if other is not None else None
    if table is None or not new.column.type:
        return
    key = table.primary_key
    names = reference.referred or (key.constraint.columns if key is not None else ())
    state = table.columns.get(names[0]) if len(names) == 1 else None
    if state is None or not state.column.type or state.column.type == new.column.type:
        return
    if _comparable(new.column.type) == _comparable(state.column.type):
        return
    if is_refused(new.column.type, state.column.type):
        return  # told of with the key itself
    yield new.fault(
        f"{new.name} is {new.column.type} and refers to {table.name}.{names[0]}, which is "
        f"{state.column.type}: each check of the key converts, and the wider does not fit"
    )


def _comparable(type_: str) -> str:
    """Texts of any length compare without a conversion."""
    return "text" if type_ == "text" or type_.startswith("character varying") else type_

"""downgrade-mismatch: up and down again, and the schema is not what it was."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._mirror import completing_mend
from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.mirror import differences
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 4


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision whose downgrade() leaves another schema, or names what is not there.

    Where a part of either function can't be read nothing is sure, and an empty or raising downgrade() is
    another rule's.
    """
    for lineage in repository.derive(history_of).postgres:
        for migration in lineage.judged(policy.migrations.after):
            if (
                migration.one_way
                or migration.downgrade_empty
                or migration.downgrade_raises.end
                or migration.unresolved
            ):
                continue
            yield from _judge(lineage, migration)


def _judge(lineage: Lineage, migration: Migration) -> Iterator[Fault]:
    for operation, schema in lineage.descent(migration):
        missing = _missing(operation, schema)
        if missing:
            yield Fault(
                migration.place(operation.span, Direction.DOWNGRADE),
                f"{missing} is not there when downgrade() comes to it, so the rollback stops with an error",
                related=_made(migration),
            )
            return
    before, between = lineage.before(migration.revision), lineage.after(migration.revision)
    schema = lineage.undone(migration)
    left = list(dict.fromkeys(differences(migration, before, between, schema)))
    if left:
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        yield Fault(
            migration.place(migration.downgrade_span, Direction.DOWNGRADE),
            f"after upgrade() and downgrade() the schema is not what it was: {left[0]}"
            + (f", and {len(left) - 1} more" if len(left) > 1 else ""),
            related=_made(migration),
            notes=(Note("left", "; ".join(left[:_SHOWN]) + more),) if len(left) > 1 else (),
            mend=completing_mend(lineage, migration, schema),
        )


def _missing(operation: Operation, schema: Schema) -> str:
    """What an operation names that is surely not there, "" where all is, or may be."""
    if operation.if_exists or operation.conditions:
        return ""
    table = schema.table(operation.table)
    if operation.kind is Kind.CREATE_TABLE or not operation.table.name:
        return ""
    if operation.kind in (Kind.DROP_TABLE, Kind.ADD_COLUMN, Kind.DROP_COLUMN) and table is None:
        gone = schema.dropped_in(operation.table)
        return f"table {operation.table}" if gone else ""
    if table is None or not table.complete:
        return ""
    if operation.kind is Kind.DROP_COLUMN:
        for column in operation.columns:
            if column.name not in table.columns:
                return f"column {operation.table}.{column.name}"
    if operation.kind is Kind.RENAME_COLUMN and operation.columns[0].name not in table.columns:
        return f"column {operation.table}.{operation.columns[0].name}"
    return ""


def _made(migration: Migration) -> tuple[Related, ...]:
    return (Related(Place(migration.path, migration.upgrade_span), "what it has to undo"),)

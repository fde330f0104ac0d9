"""downgrade-mismatch: up and down again, and the schema is not what it was."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import needs_a_value
from runcrew_lint.checks.migrations._filling import filling_mend
from runcrew_lint.checks.migrations._mirror import completing_mend
from runcrew_lint.checks.migrations._nameless import is_nameless, naming_mend
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.mirror import differences
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 4


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision whose downgrade() leaves another schema, or names what is not there.

    Another one where what comes back has no value for the rows that there are.

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
    nameless = [each for each, _ in lineage.descent(migration) if is_nameless(each)]
    if nameless and not _may_be_named(lineage):
        first, *others = nameless
        more = f", and {len(others)} more" if others else ""
        yield Fault(
            migration.place(first.span, Direction.DOWNGRADE),
            f"op.drop_constraint is given no name for a constraint of {first.table}{more}: "
            "Alembic fails here, and so does the rollback",
            help="give upgrade() and downgrade() the name that the server has for it",
            related=_made(migration),
            mend=naming_mend(lineage, migration),
        )
        return
    for operation, schema in lineage.descent(migration):
        missing = _missing(operation, schema)
        if missing:
            yield Fault(
                migration.place(operation.span, Direction.DOWNGRADE),
                f"{missing} is not there when downgrade() comes to it, so the rollback stops with an error",
                related=_made(migration),
            )
            return
    yield from _unfillable(lineage, migration)
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


def _may_be_named(lineage: Lineage) -> bool:
    """Whether a naming convention may name what is dropped: of which it knows no columns."""
    known = [each.naming_convention for each in lineage.setups if each.path.endswith(".py")]
    patterns = [text for each in known if each is not None for key, text in each if key in _CONSTRAINTS]
    return not known or None in known or not all(map(_OF_PARTS.search, patterns))


_CONSTRAINTS = frozenset({"pk", "uq", "fk", "ck"})
_OF_PARTS = lazily(r"%\((?:column_|referred_|constraint_name)")


def _unfillable(lineage: Lineage, migration: Migration) -> Iterator[Fault]:
    """What can only come back to an empty table: a column that is NOT NULL and that nothing fills."""
    found = [
        operation
        for operation, schema in lineage.descent(migration)
        if operation.kind is Kind.ADD_COLUMN
        and needs_a_value(operation.columns[0])
        and _may_hold_rows(operation, schema, migration)
    ]
    if found:
        first, *others = found
        more = f", and {len(others)} more" if others else ""
        yield Fault(
            migration.place(first.span, Direction.DOWNGRADE),
            f"{first.table}.{first.columns[0].name} comes back NOT NULL without a server default{more}: "
            f"the rollback stops with an error once {first.table} holds a row",
            help="add it nullable or with a `server_default=`, and fill it before it is NOT NULL again",
            notes=only_if(first),
            mend=filling_mend(lineage, migration, found),
        )


def _may_hold_rows(operation: Operation, schema: Schema, migration: Migration) -> bool:
    """Whether the table is neither made nor emptied by the revision, up or down."""
    table = schema.table(operation.table)
    known = table is None or migration.revision not in (table.made_in, table.emptied_in)
    return known and bool(operation.table.name) and not operation.temporary


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

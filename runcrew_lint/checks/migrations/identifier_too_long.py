"""identifier-too-long: a name that PostgreSQL cuts off, or that SQLAlchemy refuses."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Form, Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.replay.names import clipped
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_IDS, _MAX_ID = "version_num", 32  # of `alembic_version`, as Alembic makes it
MAX_BYTES = 63  # "Identifiers and Key Words": NAMEDATALEN - 1
_NAMED = (
    Kind.CREATE_TABLE,
    Kind.RENAME_TABLE,
    Kind.ADD_COLUMN,
    Kind.RENAME_COLUMN,
    Kind.ADD_CONSTRAINT,
    Kind.RENAME_CONSTRAINT,
    Kind.CREATE_INDEX,
    Kind.RENAME_INDEX,
    Kind.CREATE_VIEW,
    Kind.CREATE_TYPE,
    Kind.CREATE_SEQUENCE,
    Kind.CREATE_TRIGGER,
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each name of more than 63 bytes that an upgrade() gives.

    And one at the first revision of a history whose id has more than 32 characters.
    """
    history = repository.derive(history_of)
    for lineage in history.postgres:
        if _keeps_short_ids(lineage):
            yield from _ids(lineage, policy)
    for step in judged_steps(history, policy, *_NAMED):
        operation = step.operation
        if operation.form is Form.INLINE:
            continue
        for name, checked in _given(operation):
            size = len(name.encode())
            if size > MAX_BYTES:
                fate, severity = _fate(step, name, checked)
                yield Fault(
                    step.place,
                    f"{name} has {size} bytes and PostgreSQL keeps {MAX_BYTES}: {fate}",
                    notes=only_if(operation),
                    severity=severity,
                )


def _keeps_short_ids(lineage: Lineage) -> bool:
    """Whether Alembic makes the table that keeps the revision, and nothing here widens it."""
    scripts = [each for each in lineage.setups if each.path.endswith(".py")]
    speaks = any(
        column.name == _IDS
        for migration in lineage.migrations
        for operation in migration.upgrade
        for column in operation.columns
    )
    return bool(scripts) and not speaks and not any(each.widens_ids or each.unseen for each in scripts)


def _first_long_id(lineage: Lineage) -> Migration | None:
    """A newest revision with a long id: where one that others follow has, too, databases have taken it."""
    long = [each for each in lineage.migrations if len(each.revision) > _MAX_ID]
    followed = {parent for each in lineage.migrations for parent in each.down_revisions}
    return long[0] if long and followed.isdisjoint(each.revision for each in long) else None


def _ids(lineage: Lineage, policy: Policy) -> Iterator[Fault]:
    found = _first_long_id(lineage)
    judged = lineage.judged(policy.migrations.after)
    if found is not None and found.tool == "alembic" and any(each is found for each in judged):
        yield Fault(
            Place(found.path, found.revision_span),
            f"{found.revision} has {len(found.revision)} characters, and the column in which Alembic keeps "
            f"it takes {_MAX_ID}: `alembic upgrade` stops behind this revision and takes it back (22001)",
            help="give it a shorter one, or widen version_num before",
        )


def _given(operation: Operation) -> Iterator[tuple[str, bool]]:
    """The names that the operation gives to something new, and whether SQLAlchemy looks at their length.

    It does for indexes and constraints alone.
    """
    kind = operation.kind
    if kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW, Kind.CREATE_SEQUENCE):
        yield operation.table.name, False
    elif (
        kind in (Kind.RENAME_TABLE, Kind.RENAME_CONSTRAINT, Kind.RENAME_INDEX)
        and operation.target is not None
    ):
        yield operation.target.name, False
    elif kind is not Kind.ADD_COLUMN:
        checked = kind in (Kind.ADD_CONSTRAINT, Kind.CREATE_INDEX)
        yield operation.name.rpartition(".")[2], checked
    if kind in (Kind.CREATE_TABLE, Kind.ADD_COLUMN):
        yield from ((column.name, False) for column in operation.columns)
        yield from ((constraint.name, True) for constraint in operation.constraints)


def _fate(step: Step, name: str, checked: bool) -> tuple[str, Severity | None]:
    """What becomes of the name: its end is cut off, unless SQLAlchemy, which counts characters, stops it.

    The server cuts it wherever it stands, so that a DROP or an IF EXISTS finds it; who compares does not.
    """
    operation = step.operation
    if operation.form is not Form.SQL and checked and len(name) > MAX_BYTES:
        return "SQLAlchemy refuses it, so the revision stops here", None
    if checked and _is_taken(step, clipped(name)):
        spared = operation.kind is Kind.CREATE_INDEX and operation.if_exists
        end = "this index is never made" if spared else "the server refuses this one"
        return f"the rest is cut off, another begins with the same {MAX_BYTES}, and {end}", None
    if step.migration.tool != "alembic":
        return "the rest is cut off, and another that begins with these is the same to it", Severity.INFO
    return (
        "the rest is cut off, and what compares names, as autogenerate does, takes it for another",
        Severity.WARNING,
    )


def _is_taken(step: Step, name: str) -> bool:
    """Whether what is cut off makes the name that of another, which is there already."""
    if step.operation.kind is Kind.CREATE_INDEX:
        return step.schema.index(Relation(step.operation.table.schema, name)) is not None
    return step.table is not None and name in step.table.constraints

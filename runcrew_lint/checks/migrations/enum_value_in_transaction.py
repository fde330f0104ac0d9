"""enum-value-in-transaction: a new enum value is used by the transaction that adds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from runcrew_lint.checks.migrations._blocks import never_reached
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Migration, Operation, Relation, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

# What is compared as text: there the server looks no value up.
_TEXT = r"(?:text|varchar|character\s+varying)(?:\s*\(\d+\))?"
_AS_TEXT = lazily(
    rf"(?:::\s*{_TEXT}|\bas\s+{_TEXT}\s*\))\s*\)?\s*(?:=|<>|!=|(?:not\s+)?in\b|is\s+(?:not\s+)?distinct\s+from)"
    rf"\s*(?:\((?:[^()']|'[^']*')*\)|'[^']*')|'[^']*'\s*::\s*{_TEXT}",
    re.IGNORECASE,
)
_IN_BLOCKS_SINCE = 12  # "ALTER TYPE", notes: before, ADD VALUE can't run inside a transaction block


class _Use(NamedTuple):
    """An operation that needs the new value, and the revision that it stands in."""

    migration: Migration
    operation: Operation


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each ADD VALUE that is never reached or that the server refuses, or else at the first use
    that it refuses (55P04).

    A type that the same revision makes may be added to and used at once. An autocommit_block commits what
    came before it. Where one transaction runs every revision, the later ones are looked through, too.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_ENUM, everywhere=True):
        operation = step.operation
        if operation.words != "add value" or not operation.values:
            continue
        words = f"ALTER TYPE {operation.name} ADD VALUE {operation.values[0]!r}"
        upgrade, notes = step.migration.upgrade, only_if(operation)
        stopped = never_reached(step.lineage, operation, upgrade, step.place, words, notes)
        if stopped is not None:
            yield stopped
        if not _in_transaction(step.lineage, operation):
            continue
        if operation.name in _made(step) or _is_there(step):
            continue
        if policy.postgres < _IN_BLOCKS_SINCE:
            yield told(
                step,
                f"PostgreSQL {policy.postgres} refuses ADD VALUE inside a transaction (25001), and this runs "
                "in one",
                help="put it into `with op.get_context().autocommit_block():`",
            )
            continue
        use = next(_uses(step), None)
        if use is not None:
            yield _fault(step, use)


def _made(step: Step) -> Set[str]:
    """The types that the revision makes."""
    known, key = step.lineage.derived, ("types made", step.migration.path, step.migration.revision)
    if key not in known:
        known[key] = {each.name for each in step.migration.upgrade if each.kind is Kind.CREATE_TYPE}
    found: Set[str] = known[key]
    return found


def _type(operation: Operation) -> Relation:
    schema, _, own = operation.name.rpartition(".")
    return Relation(schema, own)


def _is_there(step: Step) -> bool:
    """Whether IF NOT EXISTS finds the value of an earlier revision."""
    state = step.schema.type(_type(step.operation)) if step.operation.if_exists else None
    return state is not None and step.operation.values[0] in state.labels


def _in_transaction(lineage: Lineage, operation: Operation) -> bool:
    return operation.transaction is Transaction.MIGRATION and not lineage.autocommit


def _fault(step: Step, use: _Use) -> Fault:
    value, name = step.operation.values[0], step.operation.name
    tool = use.migration.tool
    one = "`alembic upgrade`" if tool == "alembic" else f"run of {tool}"  # drizzle alone runs all in one
    together = "" if use.migration is step.migration else f", where one {one} takes both"
    return Fault(
        Place(use.migration.path, use.operation.span),
        f"this needs the value {value!r} of {name}, which the same transaction has added{together}: "
        "the server refuses it (55P04)",
        related=(Related(step.place, "it is added here"),),
        notes=only_if(use.operation),
    )


def _uses(step: Step) -> Iterator[_Use]:
    """What needs the value before it is committed, in the order it runs."""
    type_ = _type(step.operation)
    for migration in _together(step):
        for at, operation, state in _of_tables(step.lineage, migration):
            if migration is step.migration and at <= step.at:
                continue
            if operation.kind is Kind.COMMIT or not _in_transaction(step.lineage, operation):
                return
            if _needs(operation, state, type_, step.operation.values[0]):
                yield _Use(migration, operation)


def _of_tables(lineage: Lineage, migration: Migration) -> Sequence[tuple[int, Operation, Schema]]:
    """What of a revision is about a table or ends its transaction: nothing else can need a value."""
    key = ("of tables", migration.path, migration.revision)
    if key not in lineage.derived:
        lineage.derived[key] = [
            (at, operation, state)
            for at, (operation, state) in enumerate(lineage.steps(migration))
            if operation.table.name
            or operation.others
            or operation.columns
            or operation.kind is Kind.COMMIT
            or not _in_transaction(lineage, operation)
        ]
    found: Sequence[tuple[int, Operation, Schema]] = lineage.derived[key]
    return found


def _together(step: Step) -> Iterator[Migration]:
    """The revision, and those that may run behind it in its transaction."""
    yield step.migration
    if step.lineage.transaction_per_migration:
        return
    after = {step.migration.revision}
    for migration in step.lineage.order:
        if after.intersection(migration.down_revisions):
            after.add(migration.revision)
            yield migration


def _needs(operation: Operation, schema: Schema, type_: Relation, value: str) -> bool:
    """Whether the operation has the server look up the value: as a default, in a condition, in rows."""
    quoted = f"'{value}'"
    for column in operation.columns:
        if quoted in (column.default or ""):
            state = schema.column(operation.table, column.name)
            of = column.type or (state.column.type if state is not None else "")
            if of.removesuffix("[]") in (str(type_), type_.name):
                return True
    if operation.kind.is_data:
        is_said = value in operation.values
    else:
        said = [operation.text, *(each.expression for each in operation.constraints)]
        said.append(operation.index.where if operation.index else "")
        is_said = any(quoted in each and quoted in _AS_TEXT.sub("", each) for each in said)
    if not is_said:  # which most are not: who uses the type is not asked for each operation behind it
        return False
    used_by = {table.name.key for table, _ in schema.users_of(type_)}
    return any(each.name and each.key in used_by for each in (operation.table, *operation.others))

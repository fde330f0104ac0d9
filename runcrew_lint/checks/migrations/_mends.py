"""The mends that migration rules ask for, and what they are told of the history."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from runcrew_lint.checks.migrations._numbering import next_id, usual_name
from runcrew_lint.checks.migrations._timeouts import is_off
from runcrew_lint.checks.migrations._together import may_commit_before
from runcrew_lint.domains.migrations.facts import (
    Constraint,
    ConstraintKind,
    Form,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.graph import free_bases
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.domains.migrations.session import Session
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

_MOST = 500  # operations of a revision in which one mend has to know of all the others


def is_mendable(migration: Migration, operation: Operation) -> bool:
    """Whether the operation is written once, in upgrade() itself, of an Alembic revision of some length."""
    return is_own(migration, operation) and not operation.repeats


def is_own(migration: Migration, operation: Operation) -> bool:
    """Whether the operation is written in upgrade() itself, of such a revision, perhaps in a loop."""
    return not is_too_long(migration) and _is_own(migration, operation)


def is_written_once(migration: Migration, operation: Operation) -> bool:
    """The same as `is_mendable`, however long the revision is: for a mend that changes this call alone."""
    return _is_own(migration, operation) and not operation.repeats


def is_too_long(migration: Migration) -> bool:
    """Whether a revision has more operations than are held against each other."""
    return len(migration.upgrade) + len(migration.downgrade) > _MOST


def _is_own(migration: Migration, operation: Operation) -> bool:
    return migration.tool == "alembic" and operation.form is not Form.INLINE and not operation.helper


def can_leave(lineage: Lineage) -> bool:
    """Whether an autocommit_block works: Alembic itself must have begun the transaction.

    Where env.py may have begun one, a block would need a commit before it in one case and not in the other;
    where it locks other programs out for as long as its transaction lasts, a block would let them in.
    """
    return not any(
        each.outer_transaction.end or each.left_open.end or each.may_not_begin or each.unseen or each.locks
        for each in lineage.setups
    )


def is_one(lineage: Lineage) -> bool:
    """Whether every revision is known, and they make one schema: of two histories nobody knows which runs.

    Two that are merged are one: their only head asks for both.
    """
    return lineage.is_whole and (len(free_bases(lineage)) < 2 or len(lineage.heads) == 1)


def around(
    lineage: Lineage, session: Session | None = None, *, asks: bool = False
) -> tuple[tuple[str, Plain], ...] | None:
    """What an autocommit_block needs around it; None where a timeout in force is not known.

    Arguments:
        session: the one that the block is opened in; else what env.py sets counts.
        asks: whether the mend asks for PostgreSQL where it sets a timeout; no other database takes that.
    """
    of_env = lineage.settings
    told: list[tuple[str, Plain]] = [("begun", lineage.begun)]
    for name in ("lock_timeout", "statement_timeout"):
        setting = session.get(name) if session is not None else of_env.get(name)
        if setting is None or is_off(setting) or (session is None and setting.local):
            continue
        if name == "statement_timeout" and setting != of_env.get(name):
            continue  # the revision's own word on how long it may take
        value = setting.value.strip("'\" ")
        if not re.fullmatch(r"\d+ ?(?:us|ms|s|min|h|d)?", value):
            return None
        told.append((name, value))
    return None if needs_postgres(lineage, told) and not asks else tuple(told)


def needs_postgres(lineage: Lineage, told: Iterable[tuple[str, Plain]]) -> bool:
    """Whether a block sets a timeout where another database runs the revisions, too."""
    return bool(lineage.others) and any(name.endswith("_timeout") for name, _ in told)


def follow_up(lineage: Lineage, migration: Migration) -> tuple[tuple[str, Plain], ...]:
    """What a mend needs to write a revision that comes after all others; empty where no one head is known."""
    if not is_one(lineage) or lineage.outside or migration.tool != "alembic":
        return ()
    heads = [each for each in lineage.heads if migration.revision in lineage.up_to(each.revision)]
    new = new_behind(lineage, heads[0]) if len(heads) == 1 else None
    if new is None:
        return ()
    return (
        *new,
        ("autocommit", can_leave(lineage)),
        ("guarded", bool(lineage.others)),
        *(around(lineage, asks=True) or (("begun", lineage.begun),)),
    )


def new_behind(lineage: Lineage, parent: Migration) -> tuple[tuple[str, Plain], ...] | None:
    """Where a revision goes that comes after another, and how it is written: as in `revision.Follow`.

    None where it is not known what the team would call it.
    """
    templates = [each.template for each in lineage.setups if each.template]
    named = [section.file_template for each in lineage.setups for section in each.sections]
    file_template = next((each for each in named if each), "")
    name = next_id(lineage, parent, file_template)
    if name is None and (usual := usual_name(lineage, parent)):
        file_template, name = usual, next_id(lineage, parent, usual)
    if name is None:
        return None
    return (
        ("head", parent.revision),
        ("id", name),
        ("folder", _folder(parent.path.rpartition("/")[0], file_template)),
        ("template", templates[0] if templates else ""),
        ("file_template", file_template),
    )


def _folder(beside: str, file_template: str) -> str:
    """The folder that a file_template counts from, where a revision beside it lies in one that it names."""
    names = file_template.split("/")[:-1]
    parts = beside.split("/")
    of_template = parts[len(parts) - len(names) :]
    patterns = [r"\d+".join(map(re.escape, _NUMBER.split(each))) for each in names]
    fits = len(parts) > len(names) and all(map(re.fullmatch, patterns, of_template))
    return "/".join(parts[: len(parts) - len(names)]) if fits else beside


_NUMBER = lazily(r"%\((?:year|month|day)\)\.?\d*d")


def stands_alone(migration: Migration, operation: Operation) -> bool:
    """Whether the call that the operation is written in does nothing else."""
    return not any(each.call == operation.call and each is not operation for each in migration.upgrade)


def key_mend(step: Step, constraint: Constraint) -> MendRequest | None:
    """The mend that builds a key's index CONCURRENTLY and hands it over; None where it can't be so built."""
    operation = step.operation
    is_plain = operation.form in (Form.CALL, Form.SQL) and not operation.conditions
    if not is_plain or not is_mendable(step.migration, operation) or not can_leave(step.lineage):
        return None
    session = step.schema.session.before(replace(operation, transaction=Transaction.AUTOCOMMIT))
    if around(step.lineage, session, asks=True) is None or not may_commit_before(step):
        return None
    if not stands_alone(step.migration, operation) or not is_buildable(step.table, constraint):
        return None
    if step.schema.may_be_partitioned(operation.table):
        return None
    *built, taken = key_statements(operation.table, constraint)
    steps: tuple[Plain, ...] = (*(("block", each) for each in built), ("plain", taken))
    title = "builds its index CONCURRENTLY first, outside the transaction, and then takes it over"
    return in_steps(step, title, steps)


def is_buildable(table: Table | None, constraint: Constraint) -> bool:
    """Whether a key's index can be built CONCURRENTLY and taken over without a look at the rows.

    A UNIQUE looks at none, so its table need not be known; whether that may be partitioned is asked apart.
    """
    if not constraint.name or not constraint.columns:
        return False
    if table is not None and (table.partitioned or table.parents):
        return False
    if table is None or not table.complete:
        return constraint.kind is ConstraintKind.UNIQUE
    columns = [table.columns.get(name) for name in constraint.columns]
    is_primary = constraint.kind is ConstraintKind.PRIMARY_KEY
    return all(each is not None and not (is_primary and each.column.nullable) for each in columns)


def key_statements(table: Relation, constraint: Constraint, built: str = "") -> tuple[str, str, str]:
    """What builds a key's index anew, and then takes it over: the last of them in the transaction.

    Arguments:
        built: the index's name until then, "" for the key's own.
    """
    name, on = quoted(constraint.name), qualified(table)
    index = qualified(table._replace(name=built or constraint.name))
    new = quoted(built or constraint.name)
    keys = ", ".join(map(quoted, constraint.columns))
    include = f" INCLUDE ({', '.join(map(quoted, constraint.include))})" if constraint.include else ""
    nulls = " NULLS NOT DISTINCT" if constraint.nulls_not_distinct else ""
    late = " DEFERRABLE" if constraint.deferrable or constraint.deferred else ""
    late += " INITIALLY DEFERRED" if constraint.deferred else ""
    kind = "PRIMARY KEY" if constraint.kind is ConstraintKind.PRIMARY_KEY else "UNIQUE"
    return (
        f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {new} ON {on} ({keys}){include}{nulls}",
        f"ALTER TABLE {on} ADD CONSTRAINT {name} {kind} USING INDEX {new}{late}",
    )


def in_steps(step: Step, title: str, steps: tuple[Plain, ...]) -> MendRequest:
    """The mend that puts several statements in the place of a step's one."""
    session = step.schema.session.before(replace(step.operation, transaction=Transaction.AUTOCOMMIT))
    blocks = around(step.lineage, session, asks=True) or ()
    guard: tuple[tuple[str, Plain], ...] = (("guarded", True),) if step.lineage.others else ()
    told: tuple[tuple[str, Plain], ...] = (
        ("title", title + ", on PostgreSQL" * bool(guard)),
        ("safety", "unsafe"),
        ("steps", steps),
        *blocks,
        *guard,
    )
    return MendRequest("python_steps.in_steps", Place(step.migration.path, step.operation.call), told)

"""The operations to judge, each with the schema just before it runs and what is known of its table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import History
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.model.finding import Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.migrations.locks.effect import Effect


class Step(NamedTuple):
    """One operation of an upgrade.

    Arguments:
        schema: the one just before it.
        major: PostgreSQL's.
        at: its place among the operations of its revision.
        known: the effects that were asked for so far.
    """

    lineage: Lineage
    migration: Migration
    operation: Operation
    schema: Schema
    major: int
    at: int
    known: dict[tuple[str, int, bool], Effect]

    @property
    def place(self) -> Place:
        """Where the operation stands."""
        return Place(self.migration.path, self.operation.span)

    @property
    def table(self) -> Table | None:
        """The operation's table, where anything is known of it."""
        return self.schema.table(self.operation.table)

    @property
    def is_new_table(self) -> bool:
        """Whether the table did not exist before this revision, so that nobody waits for its locks."""
        table = self.table
        return table is not None and table.made_in == self.migration.revision

    @property
    def may_be_new_table(self) -> bool:
        """Whether the table is new, or may be: made by something before it that can't be read.

        What can't be read is told on its own (migration-unresolved), and nothing is guessed from it.
        """
        if self.table is not None and self.table.made_in:
            return self.is_new_table
        name = self.operation.table.key.name
        if any(at < self.at for at, _ in self.migration.creations.get(name, ())):
            return True  # under a condition, or in a schema that is not known: else it was there already
        return any(
            each.direction is Direction.UPGRADE
            and each.what.startswith(("what ", "the SQL", "the statement", "the table of create_table"))
            and each.first <= self.at
            for each in self.migration.unresolved
        )

    @property
    def origin(self) -> str:
        """ " (created in REVISION)" for a table whose revision is known, else ""."""
        table = self.table
        return f" (created in {table.made_in})" if table is not None and table.made_in else ""

    @property
    def effect(self) -> Effect:
        """What this operation locks, rewrites and scans, as a part of its statement."""
        key = (self.migration.path, self.at, False)
        if key not in self.known:
            # Loaded by the rules that ask: most steps are never asked about.
            from runcrew_lint.domains.migrations.locks.predict import shares

            first, statement, schema = self._statement
            told = shares(statement, schema, self.major, revision=self.migration.revision)
            self.known.update(((self.migration.path, at, False), each) for at, each in enumerate(told, first))
        return self.known[key]

    @property
    def statement_effect(self) -> Effect:
        """What the whole statement does that this operation is a part of."""
        key = (self.migration.path, self.at, True)
        if key not in self.known:
            from runcrew_lint.domains.migrations.locks.predict import predict

            first, statement, schema = self._statement
            made = predict(statement, schema, self.major, revision=self.migration.revision)
            whole = range(first, first + len(statement))
            self.known.update(((self.migration.path, at, True), made) for at in whole)
        return self.known[key]

    @property
    def lock_notes(self) -> tuple[Note, ...]:
        """The effect as a finding's notes."""
        from runcrew_lint.domains.migrations.locks.notes import effect_notes

        return effect_notes(self.effect, self.schema, self.migration.revision, self.major)

    @property
    def statement(self) -> tuple[tuple[Operation, ...], Schema]:
        """The operations that run together with this one, and the schema just before them."""
        return self._statement[1:]

    @property
    def _statement(self) -> tuple[int, tuple[Operation, ...], Schema]:
        steps = self.lineage.steps(self.migration)
        first, last = self.at, self.at + 1
        while first and steps[first][0].part:
            first -= 1
        while last < len(steps) and steps[last][0].part:
            last += 1
        return first, tuple(operation for operation, _ in steps[first:last]), steps[first][1]


def judged_steps(history: History, policy: Policy, *kinds: Kind, everywhere: bool = False) -> Iterator[Step]:
    """The operations of the upgrades that the policy does not grandfather, in the order they run.

    Arguments:
        kinds: those that are asked for; none means all. A rule that names its kinds sees those steps
            alone, so that a hundred rules do not each walk the whole history.
        everywhere: in revisions that a run about some files can't change, too.
    """
    key = ("steps", policy.migrations.after, policy.postgres, everywhere)
    steps, places = history.once(key, lambda: _steps_of(history, policy, everywhere=everywhere))
    if not kinds:
        return iter(steps)
    return (steps[at] for at in sorted(chain.from_iterable(places.get(kind, ()) for kind in kinds)))


def _steps_of(
    history: History, policy: Policy, *, everywhere: bool
) -> tuple[list[Step], dict[Kind, list[int]]]:
    """Every step to judge, and where those of each kind stand."""
    known: dict[tuple[str, int, bool], Effect] = {}
    steps = [
        Step(lineage, migration, operation, schema, policy.postgres, at, known)
        for lineage in history.postgres
        for migration in lineage.judged(policy.migrations.after, everywhere=everywhere)
        for at, (operation, schema) in enumerate(lineage.steps(migration))
        if not operation.unsure
        and not (lineage.unread and _rests_on_unread(lineage, migration, operation, schema))
    ]
    places: dict[Kind, list[int]] = {}
    for at, step in enumerate(steps):
        places.setdefault(step.operation.kind, []).append(at)
    return steps, places


def _rests_on_unread(lineage: Lineage, migration: Migration, operation: Operation, schema: Schema) -> bool:
    """Whether what is true of the operation's table hangs on a file that could not be read."""
    if (
        migration not in lineage.behind_unread
        or not operation.table.name
        or operation.kind is Kind.CREATE_TABLE
    ):
        return False
    table = schema.table(operation.table)
    return table is None or not table.made_in


def is_small(table: Relation, policy: Policy) -> bool:
    """Whether its locks do not matter: it is Alembic's own, or the policy lists it."""
    if table.name == "alembic_version":
        return True
    small = policy.migrations.small_tables
    return bool(small) and any(name in small for name in (table.name, str(table), f"public.{table}"))

"""upgrade() and downgrade() statement by statement: the schema and the session just before, the locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from runcrew_lint.domains.migrations.facts import (
    Direction,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.history import History
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema, Setting
from runcrew_lint.domains.migrations.steps import is_small
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

if TYPE_CHECKING:
    from runcrew_lint.domains.migrations.locks.effect import Effect
    from runcrew_lint.domains.migrations.locks.modes import LockMode


# Statements that let nobody wait for a table: at most ROW EXCLUSIVE (a test asks the lock table).
ROWS = frozenset({Kind.SELECT, Kind.INSERT, Kind.UPDATE, Kind.DELETE})


@frozen
class Statement:
    """One statement of a revision: the operations that run together, and the schema just before them."""

    lineage: Lineage
    migration: Migration
    direction: Direction
    operations: tuple[Operation, ...]
    schema: Schema
    major: int

    @property
    def first(self) -> Operation:
        """Its first operation."""
        return self.operations[0]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.migration.place(self.first.span, self.direction)

    @property
    def in_transaction(self) -> bool:
        """Whether Alembic's transaction holds it, and with it its locks to the end."""
        return not self.lineage.autocommit and self.first.transaction is Transaction.MIGRATION

    def setting(self, name: str) -> Setting | None:
        """The setting in force when it runs, None for the server's own."""
        return self.schema.session.before(self.first).get(name)

    @cached_property
    def effect(self) -> Effect:
        """What it locks, rewrites and scans."""
        from runcrew_lint.domains.migrations.locks.predict import predict  # loaded by the rules that ask

        return predict(self.operations, self.schema, self.major, revision=self.migration.revision)

    def is_old(self, table: Relation) -> bool:
        """Whether others may use the table: this very revision neither makes it nor takes it away."""
        known = self.schema.table(table)
        if known is not None and known.made_in:
            return known.made_in != self.migration.revision
        up = self.direction is Direction.UPGRADE
        if up and any(
            each.table.key == table.key and each.span.start < self.first.span.start
            for _, each in self.migration.creations.get(table.key.name, ())
        ):
            return False
        return not any(
            each.direction is self.direction
            and each.what.startswith(("what ", "the SQL", "the statement", "the table of create_table"))
            and each.span.start < self.first.call.start
            for each in self.migration.unresolved
        )

    def felt(self, policy: Policy) -> Mapping[Relation, LockMode]:
        """The locks that let others wait, on tables that others use and that are not small."""
        found = self._felt
        if not policy.migrations.small_tables:
            return found
        return {name: mode for name, mode in found.items() if not is_small(name, policy)}

    @cached_property
    def _felt(self) -> Mapping[Relation, LockMode]:
        if all(each.kind in ROWS for each in self.operations):
            return {}
        return {
            name: mode
            for name, mode in self.effect.locks.items()
            if mode.blocks_writes
            and self.schema.table_of_index(name) is None
            and self.schema.sequence(name) is None
            and self.is_old(name)
        }


def runs(history: History, policy: Policy) -> tuple[tuple[Statement, ...], ...]:
    """The statements of each function that the policy does not grandfather, made once."""
    key = ("runs", policy.migrations.after, policy.postgres)
    return history.once(key, lambda: tuple(_functions(history, policy)))


def _functions(history: History, policy: Policy) -> Iterator[tuple[Statement, ...]]:
    for lineage in history.postgres:
        for migration in lineage.judged(policy.migrations.after):
            yield from functions(lineage, migration, policy.postgres)


def functions(lineage: Lineage, migration: Migration, major: int) -> Iterator[tuple[Statement, ...]]:
    """The statements of a revision's upgrade(), then those of its downgrade(), for a server of that major."""
    for direction, steps in (
        (Direction.UPGRADE, lineage.steps(migration)),
        (Direction.DOWNGRADE, lineage.descent(migration)),
    ):
        yield tuple(
            Statement(lineage, migration, direction, operations, schema, major)
            for operations, schema in _together(steps)
        )


def _together(steps: tuple[tuple[Operation, Schema], ...]) -> Iterator[tuple[tuple[Operation, ...], Schema]]:
    """The operations of one statement together."""
    current: list[Operation] = []
    before: Schema | None = None
    for operation, schema in steps:
        if current and before is not None and not operation.part:
            yield tuple(current), before
            current = []
        if not current:
            before = schema
        current.append(operation)
    if current and before is not None:
        yield tuple(current), before

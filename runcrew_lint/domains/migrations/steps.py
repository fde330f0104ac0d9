"""The operations to judge, each with the schema just before it runs and what is known of its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from runcrew_lint.domains.migrations.facts import Direction, Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import History, Lineage
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


class Step(NamedTuple):
    """One operation of an upgrade; `schema` is the schema just before it."""

    lineage: Lineage
    migration: Migration
    operation: Operation
    schema: Schema

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
        return any(
            each.direction is Direction.UPGRADE
            and each.what.startswith(("what ", "the SQL", "the statement", "the table of create_table"))
            and each.span.start < self.operation.call.start
            for each in self.migration.unresolved
        )

    @property
    def origin(self) -> str:
        """ " (created in REVISION)" for a table whose revision is known, else ""."""
        table = self.table
        return f" (created in {table.made_in})" if table is not None and table.made_in else ""


def judged_steps(history: History, policy: Policy) -> Iterator[Step]:
    """Every operation of the upgrades that the policy does not grandfather, in the order they run."""
    for lineage in history.lineages:
        for migration in lineage.judged(policy.migrations.after):
            for operation, schema in lineage.steps(migration):
                yield Step(lineage, migration, operation, schema)


def is_small(table: Relation, policy: Policy) -> bool:
    """Whether the policy lists the table as one whose locks do not matter."""
    return any(name in policy.migrations.small_tables for name in (table.name, str(table), f"public.{table}"))

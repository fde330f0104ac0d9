"""The operations to judge, each with the schema just before it runs and what is known of its table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration, Operation, Relation
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


def judged_steps(history: History, policy: Policy, *kinds: Kind) -> Iterator[Step]:
    """The operations of the upgrades that the policy does not grandfather, in the order they run.

    Arguments:
        kinds: those that are asked for; none means all. A rule that names its kinds sees those steps
            alone, so that a hundred rules do not each walk the whole history.
    """
    after = policy.migrations.after
    if ("steps", after) not in history.derived:
        history.derived["steps", after] = _steps_of(history, after)
    steps, places = history.derived["steps", after]
    if not kinds:
        return iter(steps)
    return (steps[at] for at in sorted(chain.from_iterable(places.get(kind, ()) for kind in kinds)))


def _steps_of(history: History, after: str) -> tuple[list[Step], dict[Kind, list[int]]]:
    """Every step to judge, and where those of each kind stand."""
    steps = [
        Step(lineage, migration, operation, schema)
        for lineage in history.lineages
        for migration in lineage.judged(after)
        for operation, schema in lineage.steps(migration)
    ]
    places: dict[Kind, list[int]] = {}
    for at, step in enumerate(steps):
        places.setdefault(step.operation.kind, []).append(at)
    return steps, places


def is_small(table: Relation, policy: Policy) -> bool:
    """Whether the policy lists the table as one whose locks do not matter."""
    return any(name in policy.migrations.small_tables for name in (table.name, str(table), f"public.{table}"))

"""Both functions of each revision, for the rules that judge a downgrade, too."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._order import before
from runcrew_lint.domains.migrations.facts import NOWHERE, Direction, Kind, Migration, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple


class Function(NamedTuple):
    """upgrade() or downgrade() of one revision."""

    lineage: Lineage
    migration: Migration
    direction: Direction

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What it does, in order."""
        up = self.direction is Direction.UPGRADE
        return self.migration.upgrade if up else self.migration.downgrade

    def place(self, span: Span) -> Place:
        """Where something of it stands."""
        return self.migration.place(span, self.direction)

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.place(NOWHERE).path

    def is_own(self, operation: Operation) -> bool:
        """Whether the table that an operation names comes or goes with this very revision.

        Before upgrade() it is not there, or after downgrade() it is not: nobody else uses it.
        """
        table = self._table(operation)
        if table is not None and table.made_in:
            return table.made_in == self.migration.revision
        gone = (Kind.CREATE_TABLE,) if self.direction is Direction.UPGRADE else (Kind.DROP_TABLE,)
        return any(
            each.kind in gone and each.table.key == operation.table.key for each in self.operations
        ) or self._may_be_unread(operation)

    def _table(self, operation: Operation) -> Table | None:
        lineage, revision = self.lineage, self.migration.revision
        if self.direction is Direction.DOWNGRADE:
            return lineage.after(revision).table(operation.table)
        key = (Function, revision)
        schemas = lineage.derived.get(key)
        if schemas is None:  # a script may have thousands of statements, and each is asked for
            schemas = {id(each): schema for each, schema in lineage.steps(self.migration)}
            lineage.derived[key] = schemas
        schema = schemas.get(id(operation))
        return schema.table(operation.table) if schema is not None else None

    def _may_be_unread(self, operation: Operation) -> bool:
        """Whether something before it that can't be read may have made the table."""
        earlier = len(tuple(before(operation, self.operations)))
        return any(
            each.direction is self.direction
            and each.what.startswith(("what ", "the SQL", "the statement", "the table of create_table"))
            and each.first <= earlier
            for each in self.migration.unresolved
        )


def functions(repository: Repository, policy: Policy) -> Iterator[Function]:
    """Every upgrade() and downgrade() that the policy does not grandfather."""
    for lineage in repository.derive(history_of).postgres:
        for migration in lineage.judged(policy.migrations.after):
            for direction in Direction:
                yield Function(lineage, migration, direction)

"""Each revision of a history in a few words: what it locks, rewrites and scans of what was there before."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Direction, Kind, Migration, Relation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.locks.effect import NO_EFFECT
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.predict import predict
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple


class Held(NamedTuple):
    """A lock, and the tables that a revision takes it on."""

    mode: LockMode
    tables: tuple[str, ...]


@frozen
class RevisionView:
    """One revision.

    Arguments:
        locks: what others use already and is locked, by the lock, the strongest first.
        creates: the tables that the revision makes.
        rewrites, scans: the tables whose rows are all written anew, or read, under a lock.
        operations, unresolved: how many operations its upgrade has, and how many could not be read.
    """

    migration: Migration
    locks: tuple[Held, ...] = ()
    creates: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    operations: int = 0
    unresolved: int = 0

    @property
    def lock(self) -> str:
        """The strongest lock, "" for none."""
        return str(self.locks[0].mode) if self.locks else ""

    @property
    def blocks(self) -> str:
        """Whom that lock keeps waiting: "reads and writes", "writes" or ""."""
        return self.locks[0].mode.blocks if self.locks else ""

    @property
    def tables(self) -> tuple[str, ...]:
        """All that is locked, what the strongest lock is on first."""
        return tuple(table for held in self.locks for table in held.tables)


_OF_INDEXES = (Kind.DROP_INDEX, Kind.RENAME_INDEX, Kind.REINDEX)


def overview(lineage: Lineage, major: int) -> Iterator[RevisionView]:
    """Every revision of a history in the order they run, for a server of that major version."""
    for migration in lineage.order:
        yield _view(lineage, migration, major)


def _view(lineage: Lineage, migration: Migration, major: int) -> RevisionView:
    effect = NO_EFFECT
    known: set[Relation] = set()
    creates: list[str] = []
    steps = lineage.steps(migration)
    at = 0
    while at < len(steps):
        last = at + 1
        while last < len(steps) and steps[last][0].part:
            last += 1
        statement = tuple(operation for operation, _ in steps[at:last])
        schema = steps[at][1]
        made = predict(statement, schema, major, revision=migration.revision)
        gone = {each.name for each in statement if each.kind in _OF_INDEXES}
        known |= {
            each
            for each in made.locks
            if each.name not in gone and _was_there(schema, each, migration.revision)
        }
        effect = effect.joined(made)
        creates += [str(each.table) for each in statement if each.kind is Kind.CREATE_TABLE]
        at = last
    locks = {each: mode for each, mode in effect.locks.items() if each in known}
    return RevisionView(
        migration,
        tuple(
            Held(mode, tuple(sorted(str(each) for each in locks if locks[each] is mode)))
            for mode in sorted(set(locks.values()), reverse=True)
        ),
        tuple(dict.fromkeys(creates)),
        tuple(sorted(str(each) for each in effect.rewrites if each in known)),
        tuple(sorted(str(each) for each in effect.scans if each in known)),
        len(migration.upgrade),
        sum(each.direction is Direction.UPGRADE for each in migration.unresolved),
    )


def _was_there(schema: Schema, relation: Relation, revision: str) -> bool:
    """Whether a table or view existed before the revision; indexes speak through their tables."""
    if schema.table_of_index(relation) is not None or schema.sequence(relation) is not None:
        return False
    table = schema.table(relation)
    return table is None or table.made_in != revision

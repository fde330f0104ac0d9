"""What a statement does to those who work beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple


class Doubt(NamedTuple):
    """What a statement may do besides, and why that can't be known.

    Arguments:
        what: "lock", "rewrite" or "scan".
        relation: of what.
        why: the end of "it may ...: ".
    """

    what: str
    relation: Relation
    why: str


@frozen
class Effect:
    """The locks of one statement, each held to the end of its transaction, and the work done under them.

    Arguments:
        locks: the strongest mode on each relation, by its key; an index is a relation, too.
        rewrites: the tables that get new files.
        rebuilds: the indexes that are built anew.
        scans: the tables whose rows are all read.
        needs_autocommit: PostgreSQL refuses it in a transaction block (25001).
        doubts: what else it may do.
    """

    locks: Mapping[Relation, LockMode] = field(default_factory=lambda: MappingProxyType({}))
    rewrites: frozenset[Relation] = frozenset()
    rebuilds: frozenset[Relation] = frozenset()
    scans: frozenset[Relation] = frozenset()
    needs_autocommit: bool = False
    doubts: tuple[Doubt, ...] = ()

    @property
    def strongest(self) -> LockMode | None:
        """The strongest lock on any relation, None for a statement that locks none."""
        return max(self.locks.values(), default=None)

    def lock(self, relation: Relation) -> LockMode | None:
        """The lock on a relation."""
        return self.locks.get(relation.key)

    @property
    def blocks_reads(self) -> tuple[Relation, ...]:
        """The relations that nobody can read meanwhile."""
        return tuple(each for each, mode in self.locks.items() if mode.blocks_reads)

    @property
    def blocks_writes(self) -> tuple[Relation, ...]:
        """The relations that nobody can write to meanwhile."""
        return tuple(each for each, mode in self.locks.items() if mode.blocks_writes)

    def may(self, what: str) -> Doubt | None:
        """The first doubt of that sort."""
        return next((each for each in self.doubts if each.what == what), None)

    def joined(self, other: Effect) -> Effect:
        """Both, one after the other in one transaction."""
        locks = dict(self.locks)
        for relation, mode in other.locks.items():
            locks[relation] = max(mode, locks.get(relation, mode))
        return Effect(
            locks,
            self.rewrites | other.rewrites,
            self.rebuilds | other.rebuilds,
            self.scans | other.scans,
            self.needs_autocommit or other.needs_autocommit,
            (*self.doubts, *other.doubts),
        )


NO_EFFECT = Effect()

"""The schema that a history builds, replayed one operation at a time; a schema never changes.

A table that no operation made exists all the same, with columns that are not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.domains.migrations.lookups import Lookups
from runcrew_lint.domains.migrations.replay.changes import apply
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.states import (
    ColumnState,
    ConstraintState,
    FunctionState,
    IndexState,
    SequenceState,
    Setting,
    Table,
    TableKind,
    TriggerState,
    TypeKind,
    TypeState,
)

__all__ = [
    "ColumnState",
    "ConstraintState",
    "FunctionState",
    "IndexState",
    "Schema",
    "SequenceState",
    "Setting",
    "Table",
    "TableKind",
    "TriggerState",
    "TypeKind",
    "TypeState",
]


class Schema(Lookups):
    """All there is at one point of the history."""

    __slots__ = ()

    def __init__(self, of: Lookups | None = None) -> None:
        source = Draft() if of is None else of
        self.tables, self.index_tables, self.types = source.tables, source.index_tables, source.types
        self.sequences, self.functions = source.sequences, source.functions
        self.extensions, self.dropped = source.extensions, source.dropped
        self.links, self.session = source.links, source.session

    def after(self, operation: Operation, revision: str) -> Schema:
        """The schema once the operation has run."""
        draft = Draft(self)
        apply(draft, operation, revision)
        return Schema(draft) if draft.changed else self

    def entering(self, revision: str, settings: Mapping[str, Setting] | None = None) -> Schema:
        """The schema at the start of a revision; `settings` are those that env.py brings, by name."""
        draft = Draft(self)
        draft.enter(revision, settings)
        return Schema(draft)

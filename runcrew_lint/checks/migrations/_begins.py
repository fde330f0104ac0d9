"""What a table's indexes and foreign keys begin with, sorted once: two rules ask it key by key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.domains.migrations.schema import IndexState, Table
from runcrew_lint.repository import Repository

_Columns = tuple[str, ...]


class Begins:
    """The answers of a run, a table at a time."""

    def __init__(self, _repository: Repository) -> None:
        self._sorted: dict[int, _Sorted] = {}

    def indexes(self, table: Table, first: Iterable[str]) -> list[IndexState]:
        """The indexes that begin with one of these columns, or nobody knows with what, in their order."""
        found = self._of(table).indexes
        return [state for _, state in sorted(chain(*(found.get(each, ()) for each in {"", *first})))]

    def foreign_keys(self, table: Table, first: str) -> list[_Columns]:
        """The columns of each foreign key that begins with this one."""
        return self._of(table).foreign_keys.get(first, [])

    def _of(self, table: Table) -> _Sorted:
        made = self._sorted.get(id(table))
        if made is None:
            made = self._sorted[id(table)] = _Sorted(table)
        return made


class _Sorted:
    """A table's own; it holds the table, so that no other gets its id."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.indexes: dict[str, list[tuple[int, IndexState]]] = {}
        self.foreign_keys: dict[str, list[_Columns]] = {}
        for at, state in enumerate(table.indexes.values()):
            first = state.index.keys[0] if state.index.keys else ""
            self.indexes.setdefault(first, []).append((at, state))
        for each in table.constraints.values():
            if each.kind is ConstraintKind.FOREIGN_KEY and each.constraint.columns:
                columns = each.constraint.columns
                self.foreign_keys.setdefault(columns[0], []).append(columns)

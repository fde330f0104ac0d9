"""Names without a schema, after SET search_path: they mean its first schema, not `public`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runcrew_lint.domains.migrations.facts import Constraint, Kind, Like, Operation, Read, Relation
from runcrew_lint.patterns import lazily

_MAKES = frozenset({Kind.CREATE_TABLE, Kind.CREATE_VIEW, Kind.CREATE_SEQUENCE})
_BY_INDEX = frozenset({Kind.DROP_INDEX, Kind.RENAME_INDEX})
_NAME = lazily(r"\w+\Z")
_OTHERS = frozenset({"", "public", "pg_catalog", "$user"})


def placed(operations: Sequence[Operation], upgrade: Sequence[Operation] = ()) -> tuple[Operation, ...]:
    """The operations with the schema that a search path set among them gives to their names.

    A way back that sets none means what its `upgrade` has made by those names: it may run with a path of its
    role's.
    """
    path = _Path()
    if not _sets(operations):
        if not _sets(upgrade):
            return tuple(operations)
        path.back = {each.table.name: each.table for each in upgrade if each.kind in _MAKES}
        return tuple(path.placed(each) for each in operations)
    return tuple(path.seen(each) for each in operations)


def _sets(operations: Sequence[Operation]) -> bool:
    return any(each.kind is Kind.SET and each.name == "search_path" for each in operations)


class _Path:
    """The search path in force.

    A path of one schema says where every name is; of several only what was made under it is known to be in
    the first.
    """

    def __init__(self) -> None:
        self.first, self.alone, self.local = "", False, False
        self.made: set[Relation] = set()
        self.temporary: set[str] = set()
        self.back: dict[str, Relation] = {}

    def seen(self, operation: Operation) -> Operation:
        """An operation with its names placed; what it makes or sets counts from here on."""
        kind = operation.kind
        ends = kind is Kind.ROLLBACK or (kind is Kind.COMMIT and self.local)
        if ends or (kind is Kind.SET and operation.name in ("search_path", "all")):
            self._set(operation)
        table = operation.table
        if kind in _MAKES and operation.temporary:
            self.temporary.add(table.name)
        elif kind in _MAKES:
            self.made.add(table if table.schema else Relation(self.first, table.name))
        return self.placed(operation) if self.first else operation

    def _set(self, operation: Operation) -> None:
        schemas = [each.strip() for each in operation.option("search_path").split(",")]
        first = schemas[0]
        known = not operation.conditions and first not in _OTHERS and _NAME.match(first)
        self.first = first if known and first != "DEFAULT" else ""
        self.alone = {*schemas[1:]} <= {"pg_catalog"}
        self.local = operation.local

    def placed(self, operation: Operation) -> Operation:
        """An operation with its names placed."""
        table, target = self._at(operation.table), operation.target
        if operation.kind in _BY_INDEX and self.alone and operation.table == Relation("", ""):
            table = Relation(self.first, "")
        if target is not None and target.schema == "" and table != operation.table:
            target = Relation(table.schema, target.name)
        return replace(
            operation,
            table=table,
            target=target,
            others=tuple(map(self._at, operation.others)),
            likes=tuple(Like(self._at(each.table), each.including) for each in operation.likes),
            reads=tuple(Read(self._at(each.relation), each.column) for each in operation.reads),
            constraints=tuple(map(self._constraint, operation.constraints)),
        )

    def _constraint(self, constraint: Constraint) -> Constraint:
        refers = constraint.references
        return replace(constraint, references=self._at(refers)) if refers is not None else constraint

    def _at(self, relation: Relation) -> Relation:
        name = relation.name
        if relation.schema or not name or name in self.temporary or name.startswith("pg_"):
            return relation
        if self.back:
            return self.back.get(name, relation)
        meant = Relation(self.first, name)
        return meant if self.alone or meant in self.made else relation

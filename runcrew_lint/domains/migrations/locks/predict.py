"""A statement's effect: its operations' forms, looked up in the lock table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks import (
    columns,
    constraints,
    data,
    drops,
    indexes,
    objects,
    partitions,
    tables,
)
from runcrew_lint.domains.migrations.locks.effect import NO_EFFECT, Doubt, Effect
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.rows import Role, Row
from runcrew_lint.domains.migrations.locks.scene import Handler, Scene, Use
from runcrew_lint.domains.migrations.locks.table import TABLE
from runcrew_lint.domains.migrations.schema import Schema

HANDLERS: Mapping[Kind, Handler] = {
    **columns.HANDLERS,
    **constraints.HANDLERS,
    **indexes.HANDLERS,
    **tables.HANDLERS,
    **partitions.HANDLERS,
    **drops.HANDLERS,
    **objects.HANDLERS,
    **data.HANDLERS,
}


def predict(
    statement: Sequence[Operation],
    schema: Schema,
    major: int,
    *,
    revision: str = "",
    rows: Callable[[Relation], bool] | None = None,
    timezone: str | None = None,
    table: Mapping[str, Row] = TABLE,
) -> Effect:
    """What one statement locks, rewrites, rebuilds and scans.

    Arguments:
        statement: its operations, in the order of their parts.
        schema: the schema just before it.
        major: PostgreSQL's, 10 or later.
        revision: the one that runs it; what it made itself is new.
        rows: whether a table may hold rows; by default all do that were not made or emptied by
            `revision` without being filled since.
        timezone: the session's TimeZone where the schema's session settings don't say it.
        table: the lock table.
    """
    if not any(each.kind in HANDLERS for each in statement):
        return NO_EFFECT
    tally = _Tally(table, several=len(statement) > 1)
    for operation, scene in _scenes(statement, schema, major, revision, rows, timezone):
        tally.count(operation, scene)
    return tally.effect()


def shares(statement: Sequence[Operation], schema: Schema, major: int, *, revision: str = "") -> list[Effect]:
    """What each operation of a statement does of it, as `predict` tells of all together."""
    if not any(each.kind in HANDLERS for each in statement):
        return [NO_EFFECT] * len(statement)
    tallies = [_Tally(TABLE, several=len(statement) > 1) for _ in statement]
    own = {id(operation): tally for operation, tally in zip(statement, tallies, strict=True)}
    for operation, scene in _scenes(statement, schema, major, revision):
        own[id(operation)].count(operation, scene)
    return [own[id(operation)].effect() for operation in statement]


def _scenes(
    statement: Sequence[Operation],
    schema: Schema,
    major: int,
    revision: str,
    rows: Callable[[Relation], bool] | None = None,
    timezone: str | None = None,
) -> Iterator[tuple[Operation, Scene]]:
    """The operations in the order that PostgreSQL runs them, each with what is there just before it."""
    setting = schema.setting("timezone")
    scene = Scene(
        schema,
        major,
        revision,
        setting.value if setting is not None else timezone,
        rows if rows is not None else lambda name: may_hold_rows(schema, name, revision),
    )
    for operation in _in_passes(statement):
        yield operation, scene
        if len(statement) > 1:
            scene = scene.at(scene.schema.after(operation, revision))


def may_hold_rows(schema: Schema, name: Relation, revision: str) -> bool:
    """Whether a table may hold rows while a revision runs: not one that it made or emptied itself."""
    found = schema.table(name)
    if found is None:
        return True
    return not found.emptied_in or found.emptied_in != revision


# ALTER TABLE runs its actions in passes, whatever their order: AlterTablePass of PostgreSQL.
_PASSES = {
    Kind.DROP_COLUMN: 1,
    Kind.DROP_CONSTRAINT: 1,
    Kind.ALTER_TYPE: 2,
    Kind.ADD_COLUMN: 3,
    Kind.ADD_CONSTRAINT: 5,
    Kind.SET_NOT_NULL: 4,
}
_ALTERS = frozenset(_PASSES) | {
    Kind.ALTER_TABLE,
    Kind.DROP_NOT_NULL,
    Kind.SET_DEFAULT,
    Kind.DROP_DEFAULT,
    Kind.VALIDATE_CONSTRAINT,
}


def _in_passes(statement: Sequence[Operation]) -> Sequence[Operation]:
    if len(statement) < 2 or any(each.kind not in _ALTERS for each in statement):
        return statement
    return sorted(statement, key=_pass)


def _pass(operation: Operation) -> int:
    if operation.kind is Kind.ADD_CONSTRAINT and operation.constraints:
        # A foreign key is added last: the key that it needs may come with the same statement.
        return 6 if operation.constraints[0].kind is ConstraintKind.FOREIGN_KEY else 5
    return _PASSES.get(operation.kind, 7)


class _Tally:
    """The effect in the making."""

    def __init__(self, table: Mapping[str, Row], *, several: bool) -> None:
        self._table = table
        self._several = several
        self._locks: dict[Relation, LockMode] = {}
        self._rewrites: set[Relation] = set()
        self._rebuilds: set[Relation] = set()
        self._scans: set[Relation] = set()
        self._autocommit = False
        self._doubts: dict[Doubt, None] = {}
        self._level: dict[Relation, LockMode] = {}
        self._followed: dict[Relation, set[Relation]] = {}

    def count(self, operation: Operation, scene: Scene) -> None:
        """Count what one operation uses."""
        handler = HANDLERS.get(operation.kind)
        for each in handler(operation, scene) if handler else ():
            self.add(each, scene)

    def add(self, each: Use | Doubt, scene: Scene) -> None:
        """Count one form, or one doubt."""
        if isinstance(each, Doubt):
            self._doubts[each] = None
            return
        row = self._table[each.form]
        if not each.relations and row.autocommit is None:
            return
        if row.autocommit is not None and scene.major in row.autocommit:
            self._autocommit = True
        for role, relations in each.relations:
            mode = row.mode(role, scene.major)
            for name in relations:
                relation = name.key
                if mode is not None:
                    self._lock(relation, mode)
                if row.works:
                    self._work(row, role, relation, scene)
        if self._several:
            self._follow(row, dict(each.relations), scene.major)

    def _follow(self, row: Row, relations: Mapping[Role, Sequence[Relation]], major: int) -> None:
        """Note what an ALTER TABLE descends to: all of it is locked as its strongest action needs."""
        mode, child = row.mode(Role.ON, major), row.mode(Role.CHILD, major)
        for name in relations.get(Role.ON, ()):
            if mode is not None:
                self._level[name.key] = max(mode, self._level.get(name.key, mode))
            if child is not None and child is (mode or child):
                followed = self._followed.setdefault(name.key, set())
                followed.update(child.key for child in relations.get(Role.CHILD, ()))

    def _work(self, row: Row, role: Role, relation: Relation, scene: Scene) -> None:
        if not scene.has_storage(relation):
            return
        if role in row.rebuilds:
            self._rebuilds.add(relation)
        if role in row.scans and scene.rows(relation):
            self._scans.add(relation)
        rewritten = role in row.rewrites and scene.major in row.rewrites[role]
        if rewritten or role in row.empties or role in row.moves:
            self._rewrites.add(relation)
        if rewritten and scene.rows(relation):
            self._scans.add(relation)
        if rewritten or role in row.empties:
            for index in scene.indexes(relation):
                self._lock(index, LockMode.ACCESS_EXCLUSIVE)
                self._rebuilds.add(index)

    def _lock(self, relation: Relation, mode: LockMode) -> None:
        self._locks[relation] = max(mode, self._locks.get(relation, mode))

    def effect(self) -> Effect:
        """What came of it."""
        for name, children in self._followed.items():
            for child in children:
                self._lock(child, self._level[name])
        if not (self._locks or self._autocommit or self._doubts):
            return NO_EFFECT
        return Effect(
            self._locks,
            frozenset(self._rewrites),
            frozenset(self._rebuilds),
            frozenset(self._scans),
            self._autocommit,
            tuple(self._doubts),
        )

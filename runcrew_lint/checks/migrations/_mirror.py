"""The mirror of an upgrade(): what takes each of its steps back, in the other order.

Only what has an exact inverse is taken back, known from the operation and from the schema just before it.
What is lost, as a table that is dropped or a row that is changed, has none, and then the whole has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.checks.migrations._mends import around, can_leave
from runcrew_lint.checks.migrations._rebuilt import Undo, is_free
from runcrew_lint.checks.migrations._restoring import comments, restoring
from runcrew_lint.checks.migrations._undo import undo
from runcrew_lint.domains.migrations.facts import (
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.mirror import differences
from runcrew_lint.domains.migrations.rollback import absences
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place

# What leaves nothing behind that a rollback would have to see to.
_NOTHING = frozenset(
    {
        *(Kind.SET, Kind.SELECT, Kind.LOCK, Kind.ANALYZE, Kind.VACUUM, Kind.REINDEX, Kind.CLUSTER),
        *(Kind.REFRESH, Kind.VALIDATE_CONSTRAINT),
    }
)

_MANY = 10


def mirror_mend(lineage: Lineage, migration: Migration) -> MendRequest | None:
    """The mend that writes downgrade() of a revision whose upgrade() can be taken back.

    A history of many revisions of which none leads back is not meant to.
    """
    leads = any(not (each.downgrade_empty or each.downgrade_raises.end) for each in lineage.migrations)
    if not leads and len(lineage.migrations) >= _MANY:
        return None
    return _mend("python_mirror.written", lineage, migration, mirrored(lineage, migration))


def completing_mend(lineage: Lineage, migration: Migration, left: Schema) -> MendRequest | None:
    """The mend that adds to downgrade() what it has missed, where that is all there is to be done.

    Not where downgrade() drops something of that name IF EXISTS: in which schema hangs on the search_path.

    Arguments:
        left: the schema that downgrade() leaves.
    """
    if any(each.kind is Kind.SET_DEFAULT for each in migration.downgrade):
        return None  # a default that it sets itself is to be mended where it stands
    missed = _missed(lineage, migration, left)
    perhaps = {each.name for each in migration.downgrade if each.if_exists and not each.table.schema}
    if any(each.arguments and each.arguments[0] in perhaps for each in missed or ()):
        return None
    return _mend("python_mirror.completed", lineage, migration, missed)


def _mend(
    name: str, lineage: Lineage, migration: Migration, undone: tuple[Undo, ...] | None
) -> MendRequest | None:
    if migration.tool != "alembic":
        return None
    blocks = around(lineage) if can_leave(lineage) else None
    if not undone or (blocks is None and any(each.block for each in undone)):
        return None
    if not all(map(_can_be_said, undone)):
        return None
    if lineage.others and any(each.method in ("execute", "alter_column") for each in undone):
        return None  # SQL of PostgreSQL alone; MySQL asks for the type, and SQLite alters no column
    calls: Plain = tuple((each.method, each.arguments, each.keywords, each.block) for each in undone)
    place = Place(migration.path, migration.upgrade_span)
    return MendRequest(name, place, (("calls", calls), *(blocks or ())))


def _can_be_said(step: Undo) -> bool:
    """Whether its keywords are known; a schema may be one that is worked out as the revision runs."""
    return all(value != "?" for _, value in step.keywords)


def mirrored(lineage: Lineage, migration: Migration) -> tuple[Undo, ...] | None:
    """What takes upgrade() back; None where one of its steps has no exact inverse."""
    undone: list[Undo] = []
    for made in _inverses(lineage, migration):
        if made is None:
            return None
        undone += made
    return tuple(undone) if undone and _leads_back(lineage, migration, undone) else None


def _inverses(lineage: Lineage, migration: Migration) -> Iterator[list[Undo] | None]:
    """What takes each step back, the last one first; None for a step that has no exact inverse."""
    if any(each.direction is Direction.UPGRADE for each in migration.unresolved):
        yield None
    for operation, schema in reversed(lineage.steps(migration)):
        if operation.conditions or operation.transaction is Transaction.ENDED:
            yield None
        elif operation.kind not in _NOTHING and not _is_on_own(operation, schema, migration.revision):
            yield undo(operation, schema, lineage)


def _is_dropped(operation: Operation, migration: Migration) -> bool:
    """Whether it needs a column that downgrade() drops: that was meant to be this very step."""
    if operation.kind is Kind.ADD_COLUMN:
        return False
    names = {each.name for each in operation.columns}
    return any(
        each.kind is Kind.DROP_COLUMN
        and each.table.key == operation.table.key
        and not names.isdisjoint(column.name for column in each.columns)
        for each in migration.downgrade
    )


def _missed(lineage: Lineage, migration: Migration, left: Schema) -> tuple[Undo, ...] | None:
    """What downgrade() has not done of what takes upgrade() back; None where that is not all.

    What has no step of its own to be taken back is told by the schema that there was.
    """
    if any(each.conditions for each in (*migration.upgrade, *migration.downgrade)):
        return None
    before, between = lineage.before(migration.revision), lineage.after(migration.revision)

    def count(undone: list[Undo], schema: Schema) -> int:
        added = tuple(each.operation for each in undone)
        tried = replace(migration, downgrade=(*migration.downgrade, *added))
        return len(set(differences(tried, before, between, schema)))

    def units() -> Iterator[list[Undo]]:
        for made in _inverses(lineage, migration):
            yield from ([each] for each in made or ())
        yield from restoring(lineage, before, left, migration.revision)

    undone: list[Undo] = []
    wrong = count([], left)
    for unit in units():
        schema, can = left, True
        for each in unit:
            can = can and is_free(each, schema)
            schema = schema.after(each.operation, migration.revision)
        less = count([*undone, *unit], schema)
        if can and less < wrong:
            undone += unit
            left, wrong = schema, less
    if not undone or wrong or any(_takes_back(each.operation, migration) for each in undone):
        return None
    if any(_is_dropped(each.operation, migration) for each in undone):
        return None
    if _fails(migration, between):
        return None
    return (*undone, *comments(before, left, migration.revision))


_MADE_BY = {Kind.DROP_INDEX: Kind.CREATE_INDEX, Kind.DROP_CONSTRAINT: Kind.ADD_CONSTRAINT}
_OPPOSITE = {Kind.SET_NOT_NULL: Kind.DROP_NOT_NULL, Kind.DROP_NOT_NULL: Kind.SET_NOT_NULL}


def _takes_back(added: Operation, migration: Migration) -> bool:
    """Whether a step takes back what downgrade() itself does, or drops a type that upgrade() only makes anew.

    Then their author means something else by it, or makes it wrongly: that is to be mended where it stands.
    """
    if added.kind in _MADE_BY:
        made = [each for each in migration.downgrade if each.kind is _MADE_BY[added.kind]]
        names = {name for each in made for name in (each.name, *(key.name for key in each.constraints))}
        return _last(added.name) in names
    if added.kind is Kind.DROP_TYPE:
        both = (*migration.upgrade, *migration.downgrade)
        name = _last(added.name)
        return any(_last(each.name) == name for each in both if each.kind in _TYPES)
    names = {each.name for each in added.columns[:1]}
    for each in reversed(migration.downgrade):
        if each.table.key == added.table.key and each.columns:
            name = each.columns[0].name
            if each.kind is Kind.RENAME_COLUMN and each.name in names:
                names.add(name)
            elif each.kind is _OPPOSITE.get(added.kind) and name in names:
                return True
    return False


_TYPES = (Kind.DROP_TYPE, Kind.ALTER_TYPE_OBJECT)
_TO_TABLE = frozenset(
    {
        *(Kind.ADD_COLUMN, Kind.DROP_COLUMN, Kind.RENAME_COLUMN, Kind.ALTER_TYPE, Kind.SET_NOT_NULL),
        *(Kind.DROP_NOT_NULL, Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.ADD_CONSTRAINT, Kind.DROP_CONSTRAINT),
    }
)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _fails(migration: Migration, between: Schema) -> bool:
    """Whether the server refuses a step of downgrade(): something is not there, or another table needs it."""
    if any(absences(between, migration)):
        return True
    schema = between.entering(migration.revision)
    gone: set[tuple[Relation, str]] = set()
    for each in migration.downgrade:
        if each.kind in _TO_TABLE and each.table.name and schema.table(each.table) is None:
            return True  # nobody has made it, as far as can be known
        columns = {(each.table.key, column.name) for column in each.columns}
        if each.kind is Kind.RENAME_COLUMN:
            gone = (gone | columns) - {(each.table.key, each.name)}
        elif each.kind is Kind.ADD_COLUMN:
            gone -= columns
        elif each.kind is Kind.DROP_COLUMN and gone & columns:
            return True
        if each.kind is Kind.DROP_TABLE and not each.cascade:
            if any(other.name.key != each.table.key for other, _ in schema.referencing(each.table)):
                return True
        schema = schema.after(each, migration.revision)
    return False


def _leads_back(lineage: Lineage, migration: Migration, undone: list[Undo]) -> bool:
    """Whether the replay of both comes to the schema that was before."""
    before, between = lineage.before(migration.revision), lineage.after(migration.revision)
    schema = between.entering(migration.revision)
    for each in undone:
        schema = schema.after(each.operation, migration.revision)
    tried = replace(migration, downgrade=tuple(each.operation for each in undone), downgrade_empty=False)
    return not any(differences(tried, before, between, schema))


def _is_on_own(operation: Operation, schema: Schema, revision: str) -> bool:
    """Whether it acts on what this revision has made, so that undoing that undoes it, too."""
    if operation.kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW, Kind.RENAME_TABLE, Kind.SET_SCHEMA):
        return False
    table = schema.table(operation.table)
    if table is not None and table.made_in == revision and operation.kind is not Kind.DROP_TABLE:
        return operation.kind is not Kind.CREATE_TYPE
    if operation.kind in (Kind.ADD_COLUMN, Kind.RENAME_COLUMN, Kind.DROP_COLUMN) or not operation.columns:
        return operation.form is Form.INLINE and operation.kind is Kind.CREATE_INDEX
    states = [schema.column(operation.table, each.name) for each in operation.columns]
    return all(state is not None and state.made_in == revision for state in states) and (
        operation.kind is not Kind.INSERT
    )

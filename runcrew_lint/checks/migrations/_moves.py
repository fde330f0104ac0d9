"""The mends that move steps into a revision of their own, right after the one they are in.

That is where a step can't leave the transaction in its place, because of what the transaction holds together
beside it. Refused is a step that something after it in its revision needs, and a history that is not known as
a whole, since what comes after the revision has to come after the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from runcrew_lint.checks.migrations._mends import (
    around,
    can_leave,
    is_mendable,
    is_one,
    needs_postgres,
    new_behind,
    stands_alone,
)
from runcrew_lint.domains.migrations.dialect import WITHOUT_IF_EXISTS
from runcrew_lint.domains.migrations.facts import (
    ConstraintKind,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_WORD = lazily(r"\w+")
_TO_TABLE = frozenset(
    {
        *(Kind.DROP_TABLE, Kind.RENAME_TABLE, Kind.SET_SCHEMA, Kind.RECREATE_TABLE, Kind.CREATE_TABLE),
        *(Kind.ATTACH_PARTITION, Kind.DETACH_PARTITION, Kind.CLUSTER),
    }
)
_TO_COLUMN = frozenset({Kind.DROP_COLUMN, Kind.RENAME_COLUMN, Kind.ALTER_TYPE, Kind.DROP_NOT_NULL})
# What an expression may be made of.
_TO_EXPRESSION = frozenset({Kind.DROP_FUNCTION, Kind.DROP_EXTENSION, Kind.DROP_TYPE, Kind.ALTER_TYPE_OBJECT})
# What runs otherwise, or fails, without a key: ON CONFLICT, doubles, a replica identity.
_TO_KEY = frozenset({Kind.INSERT, Kind.UPDATE, Kind.ALTER_TABLE, Kind.OTHER})

Back = tuple[int, int, tuple[str, ...], str]


class Unit(NamedTuple):
    """A step that moves, and what the new revision sends for it.

    Arguments:
        put: the SQL that stays in its place.
        block, plain: what upgrade() sends outside the transaction, and then in it.
        undo: what downgrade() sends.
        back: what goes from this revision's downgrade(): start, end, the SQL in its place, and as `without`.
        without: the keyword that the call loses, where it stays for what else it does.
        name: of an index that the call gives none.
    """

    step: Step
    put: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    back: tuple[Back, ...] = ()
    without: str = ""
    name: str = ""

    @property
    def leaves(self) -> bool:
        """Whether something of it runs outside the transaction."""
        return bool(self.block) or not self.plain

    @property
    def told(self) -> Plain:
        """As the mend is told of it."""
        return (*self.step.operation.call, *self[1:])


def mends(
    steps: Iterable[Step],
    ways: Sequence[Callable[[Step], MendRequest | None]],
    apart: Callable[[Step], Unit | None],
    title: str,
    message: str,
) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each step, by its path and place: in its own revision, else in a new one right after it.

    Arguments:
        ways: the mends that leave it in its revision; the first that can be made counts.
        apart: the step as a part of a revision of its own.
        title, message: as in `moves`.
    """
    found = {}
    units = []
    for step in steps:
        mend = next(filter(None, (way(step) for way in ways)), None)
        if mend is not None:
            found[step.migration.path, step.at] = mend
        elif (unit := apart(step)) is not None:
            units.append(unit)
    return {**found, **moves(units, title, message)}


def moves(units: Iterable[Unit], title: str, message: str) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each step, by its path and its place; those of one revision move together.

    Arguments:
        title: of the fix; `{path}` is the new file.
        message: of the new revision; `{tables}` are those that it is about.
    """
    revisions: dict[str, list[Unit]] = {}
    for unit in units:
        revisions.setdefault(unit.step.migration.path, []).append(unit)
    found = {}
    for path, members in revisions.items():
        first = members[0].step
        if _is_all(members):
            continue
        apart = can_leave(first.lineage)
        follow = _after(first.lineage, first.migration)
        if follow is None or (not apart and any(each.leaves for each in members)):
            continue
        tables = dict.fromkeys(each.step.operation.table.name for each in members)
        told: tuple[tuple[str, Plain], ...] = (
            ("title", title if apart else f"{title}, which a later deploy runs"),
            ("message", message.format(tables=" ".join(tables))),
            ("moved", tuple(each.told for each in members)),
            *((("guarded", True),) if any(_needs_guard(each, follow) for each in members) else ()),
        )
        for each in members:
            place = Place(path, each.step.operation.call)
            request = MendRequest("python_moves.into_revision", place, (*told, *follow), dated=True)
            found[path, each.step.at] = request
    return found


def _is_all(members: Sequence[Unit]) -> bool:
    """Whether nothing would be left of the revision that they move out of."""
    migration = members[0].step.migration
    gone = {each.step.operation.call for each in members if not (each.put or each.without)}
    left = [each for each in migration.upgrade if each.kind is not Kind.SET and each.call not in gone]
    return not left and not any(each.direction is Direction.UPGRADE for each in migration.unresolved)


def _needs_guard(unit: Unit, follow: Iterable[tuple[str, Plain]]) -> bool:
    """Whether another database that the history is for can't do what the new revision does."""
    lineage = unit.step.lineage
    if unit.step.operation.form is Form.SQL or (unit.leaves and needs_postgres(lineage, follow)):
        return bool(lineage.others)
    return bool(lineage.others) and (bool(unit.plain) or bool(lineage.others & WITHOUT_IF_EXISTS))


def _after(lineage: Lineage, migration: Migration) -> tuple[tuple[str, Plain], ...] | None:
    """What a mend needs to write a revision right after this one; None where its children can't be told."""
    if not is_one(lineage) or lineage.outside:
        return None
    twins = [each for each in lineage.migrations if each.revision == migration.revision]
    if len(twins) > 1 or _leaves_timeout(migration):
        return None
    blocks, new = around(lineage, asks=True), new_behind(lineage, migration)
    if blocks is None or new is None:
        return None
    children: list[Plain] = []
    for each in lineage.migrations:
        if migration.revision in each.down_revisions:
            places = [span for name, span in each.parent_places if name == migration.revision]
            if not any(each.down_revision_span.start <= span.start for span in places):
                return None
            children += [(each.path, *span) for span in places]
    return (("children", tuple(children)), *new, *blocks)


def _leaves_timeout(migration: Migration) -> bool:
    """Whether it sets one for the whole session, in which the next revision may run."""
    return any(
        each.kind is Kind.SET and not each.local and each.name.endswith("_timeout")
        for each in migration.upgrade
    )


def can_move(step: Step, *, is_part: bool = False) -> bool:
    """Whether the step is a statement of its own, or a part that can go, and nothing after it is hidden."""
    operation, migration = step.operation, step.migration
    if not is_mendable(migration, operation) or not (is_part or stands_alone(migration, operation)):
        return False
    if operation.transaction is not Transaction.MIGRATION or operation.conditions:
        return False
    if step.schema.may_be_partitioned(operation.table) or (
        step.table is not None and step.table.is_partition
    ):
        return False
    if any(each.kind is Kind.SET and _says_where_or_who(each) for each in migration.upgrade[: step.at]):
        return False  # a new revision would not begin with it
    return not any(
        each.direction is Direction.UPGRADE and each.last > step.at for each in migration.unresolved
    )


def _says_where_or_who(setting: Operation) -> bool:
    """Whether a setting says in which schema a name is looked up, or as whom the statements run."""
    return setting.name in ("search_path", "role", "session") or setting.words == "session authorization"


def is_needed(step: Step, name: str, words: set[str], *, is_key: bool) -> bool:
    """Whether what runs after the step in its revision may need what it makes, or come in its way.

    Arguments:
        name: the index or constraint that it makes.
        words: the words of its columns and expressions.
        is_key: whether that keeps doubles out.
    """
    table = step.operation.table.key
    return any(
        _needs(each, table, name, words, is_key=is_key) for each in step.migration.upgrade[step.at + 1 :]
    )


def _needs(later: Operation, table: Relation, name: str, words: set[str], *, is_key: bool) -> bool:
    names = {later.name.rpartition(".")[2], *(each.using_index for each in later.constraints)}
    if later.target is not None:
        names.add(later.target.name)
    if name in names or later.kind in _TO_EXPRESSION:
        return True
    if is_key and any(each.references and each.references.key == table for each in later.constraints):
        return True
    if later.table.name and later.table.key != table:
        return False
    if is_key and later.kind in _TO_KEY:
        return True
    if not later.table.name:
        return False
    changed = {later.name, *(each.name for each in later.columns)} if later.kind in _TO_COLUMN else set()
    required = {
        name for each in later.constraints if each.kind is ConstraintKind.PRIMARY_KEY for name in each.columns
    }
    return later.kind in _TO_TABLE or not words.isdisjoint(changed | required)


def words_of(*texts: str) -> set[str]:
    """The words in some texts."""
    return {word for text in texts for word in _WORD.findall(text)}


def undone_by(
    migration: Migration, undoes: Callable[[Operation], bool], put: tuple[str, ...] = (), part: str = ""
) -> tuple[Back, ...] | None:
    """What of downgrade() takes a step back, to be taken out; empty where nothing does.

    None where it can't be taken out alone, or may be hidden.

    Arguments:
        put: the SQL in its place.
        part: the keyword by which it is a part of a call that stays with what else it does, "" for none.
    """
    found = [each for each in migration.downgrade if undoes(each)]
    if not found:
        hidden = any(each.direction is Direction.DOWNGRADE for each in migration.unresolved)
        return None if hidden else ()
    (first, *others) = found
    shared = any(each.call == first.call and each is not first for each in migration.downgrade)
    plain = first.transaction is Transaction.MIGRATION
    if others or not plain or first.repeats or first.helper or first.conditions:
        return None
    if shared and not (part and is_part(first, migration.downgrade)):
        return None
    return ((*first.call, put, part if shared else ""),)


# What else one alter_column may do, whether or not the column is NOT NULL.
_BESIDE = (Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.COMMENT_COLUMN, Kind.ALTER_TYPE)


def is_part(operation: Operation, operations: Sequence[Operation]) -> bool:
    """Whether an alter_column changes more of its column than this, and can be left with that."""
    others = [each for each in operations if each.call == operation.call and each is not operation]
    return (
        bool(others)
        and operation.form is Form.CALL
        and all(each.table == operation.table and each.kind in _BESIDE for each in others)
    )

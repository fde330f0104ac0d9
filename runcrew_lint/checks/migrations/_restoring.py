"""What brings a schema back to what it was: steps that are told by the difference of two schemas alone.

That is how a downgrade() is completed that takes the wrong step back, or takes one back in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from runcrew_lint.checks.migrations._rebuilt import (
    Undo,
    commented,
    constraint_again,
    constraint_gone,
    index_again,
    index_gone,
    on_schema,
    sql,
    type_again,
    type_gone,
)
from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    UNREAD,
    Column,
    ConstraintKind,
    Kind,
    Operation,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import ConstraintState, IndexState, Schema, Table
from runcrew_lint.patterns import lazily

Unit = list[Undo | None]
State = TypeVar("State", ConstraintState, IndexState)
_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)

# Types whose values are taken over by an assignment; else USING has to say what becomes of them.
_TEXTS = lazily(r"(?:character varying|character|text)(?:\(\d+\))?\Z")
_NUMBERS = lazily(r"(?:smallint|integer|bigint|real|double precision|numeric)(?:\([\d,]+\))?\Z")
_JSON = lazily(r"jsonb?\Z")


def restoring(lineage: Lineage, before: Schema, left: Schema, revision: str) -> Iterator[list[Undo]]:
    """Steps that make a schema what it was before; what belongs together comes together.

    Types come first and keys before what rests on them: a column of a key can't be NULL.

    Arguments:
        left: the schema as it is.
        revision: the one whose downgrade() has left it.
    """
    tables = _tables(before, left)
    units = [
        *_types(before, left),
        *(unit for one, other in tables for unit in _column_types(one, other, revision)),
        *(unit for one, other in tables for unit in _constraints(one, other, lineage, revision)),
        *(unit for one, other in tables for unit in _column_values(one, other, revision)),
        *(unit for one, other in tables for unit in _indexes(one, other, revision)),
    ]
    for unit in units:
        known = [each for each in unit if each is not None]
        if len(known) == len(unit):
            yield known


def comments(before: Schema, left: Schema, revision: str) -> Iterator[Undo]:
    """What gives the columns of the tables that differ the comments that they had."""
    for one, other in _tables(before, left):
        for was, now, _ in _columns(one, other, revision, "comment"):
            if was.comment != now.comment:
                yield commented(one.name, was.name, was.comment)


def _tables(before: Schema, left: Schema) -> list[tuple[Table, Table]]:
    """The tables that differ and are there, as they were and are."""
    return [
        (one, other)
        for key in sorted(before.tables.changed(left.tables))
        if (one := before.tables.get(key)) is not None and (other := left.tables.get(key)) is not None
    ]


def _types(before: Schema, left: Schema) -> Iterator[Unit]:
    for key in sorted(before.types.changed(left.types)):
        one, other = before.types.get(key), left.types.get(key)
        if one is not None and other is None:
            yield [type_again(one)]
        elif one is None and other is not None:
            yield [type_gone(other)]


def _columns(one: Table, other: Table, revision: str, *about: str) -> Iterator[tuple[Column, Column, str]]:
    """The columns that both have, as they were and are, with the words that alter one.

    Arguments:
        about: attributes; a column of which one is not known is left out.
    """
    for name, state in one.columns.items():
        now = other.columns.get(name)
        if now is None or now.made_in == revision != state.made_in:
            continue  # it is not there, or has come again without its values
        if not {"*", *about} & {*state.column.unknown, *now.column.unknown}:
            yield state.column, now.column, f"ALTER TABLE {qualified(one.name)} ALTER COLUMN {quoted(name)}"


def _column_types(one: Table, other: Table, revision: str) -> Iterator[Unit]:
    for was, now, on in _columns(one, other, revision, "type"):
        if was.type != now.type and _is_assigned(now.type, was.type):
            named = (Column(was.name, type=was.type),)
            back = Operation(Kind.ALTER_TYPE, NOWHERE, table=one.name, columns=named)
            yield [sql(back, f"{on} TYPE {was.type}")]


def _column_values(one: Table, other: Table, revision: str) -> Iterator[Unit]:
    for was, now, _ in _columns(one, other, revision, "nullable"):
        if was.nullable != now.nullable:
            kind = Kind.DROP_NOT_NULL if was.nullable else Kind.SET_NOT_NULL
            back = Operation(kind, NOWHERE, table=one.name, columns=(Column(was.name),))
            words = (("nullable", was.nullable), *on_schema(one.name))
            yield [Undo(back, "alter_column", (one.name.name, was.name), words)]
    for was, now, on in _columns(one, other, revision, "default"):
        if was.default != now.default and was.default != UNREAD:
            kind = Kind.DROP_DEFAULT if was.default is None else Kind.SET_DEFAULT
            named = (Column(was.name, default=was.default),)
            said = "DROP DEFAULT" if was.default is None else f"SET DEFAULT {was.default}"
            yield [sql(Operation(kind, NOWHERE, table=one.name, columns=named), f"{on} {said}")]


def _is_assigned(now: str, was: str) -> bool:
    """Whether a value of the one type becomes one of the other without being told how."""
    return any(kind.match(now) and kind.match(was) for kind in (_TEXTS, _NUMBERS, _JSON))


def _constraints(one: Table, other: Table, lineage: Lineage, revision: str) -> Iterator[Unit]:
    mine, theirs = _own(one.constraints), _own(other.constraints)
    for was, now in _unlike(mine, theirs):
        unit: Unit = [constraint_gone(other.name, now, lineage)] if now is not None else []
        if was is not None:
            is_key = was.kind in _KEYS and _has_come_again(other, was.constraint.columns, revision)
            unit.append(constraint_again(one.name, was, lineage) if not is_key else None)
        yield unit


def _has_come_again(table: Table, columns: Iterable[str], revision: str) -> bool:
    """Whether downgrade() has made one of the columns, whose values are all alike now."""
    made = (state.made_in for name in columns if (state := table.columns.get(name)) is not None)
    return table.made_in != revision and revision in made


def _own(constraints: Mapping[str, ConstraintState]) -> dict[str, ConstraintState]:
    """All but NOT NULL, which is its column's; keys first, since others refer to them."""
    found = [each for each in constraints.values() if each.kind is not ConstraintKind.NOT_NULL]
    return {each.name: each for each in sorted(found, key=lambda each: each.kind not in _KEYS)}


def _indexes(one: Table, other: Table, revision: str) -> Iterator[Unit]:
    mine = {name: each for name, each in one.indexes.items() if not each.constraint}
    theirs = {name: each for name, each in other.indexes.items() if not each.constraint}
    for was, now in _unlike(mine, theirs):
        unit: Unit = [index_gone(other.name, now.name)] if now is not None else []
        if was is not None:
            is_key = was.index.unique and _has_come_again(other, was.reads, revision)
            unit.append(index_again(one.name, was) if not is_key else None)
        yield unit


def _unlike(
    mine: Mapping[str, State], theirs: Mapping[str, State]
) -> Iterator[tuple[State | None, State | None]]:
    """What one of the two has by a name, or both have otherwise."""
    for name in dict.fromkeys((*theirs, *mine)):
        was, now = mine.get(name), theirs.get(name)
        if _said(was) != _said(now):
            yield was, now


def _said(state: ConstraintState | IndexState | None) -> object:
    """What it is, whoever made it."""
    if state is None:
        return None
    return state.constraint if isinstance(state, ConstraintState) else state.index

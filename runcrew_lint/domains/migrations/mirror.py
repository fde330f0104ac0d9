"""What a downgrade leaves other than it was: the schema before a revision against that after up and down.

Column positions, comments and whether a constraint is validated do not count; a label that an enum has gained
can't be taken back (ALTER TYPE has no DROP VALUE), and a column that comes back is empty, so it may be NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Migration, Relation
from runcrew_lint.domains.migrations.own_words import OwnWords
from runcrew_lint.domains.migrations.schema import (
    ColumnState,
    ConstraintState,
    IndexState,
    Schema,
    Table,
    TableKind,
    TypeState,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of


def differences(migration: Migration, before: Schema, between: Schema, after: Schema) -> Iterator[str]:
    """Each difference in words.

    Arguments:
        before: the schema just before upgrade().
        between: the schema that upgrade() leaves.
        after: the schema once upgrade() and downgrade() have run.
    """
    history = OwnWords(migration)
    history.look_up(before, between)
    for key in sorted(before.tables.changed(after.tables)):
        made = between.tables.get(key)
        yield from _table(key, before.tables.get(key), made, after.tables.get(key), history)
    for key in () if history.renames_types else sorted(before.types.changed(after.types)):
        yield from _type(key, before.types.get(key), after.types.get(key), history)


def _table(
    key: Relation, before: Table | None, between: Table | None, after: Table | None, history: OwnWords
) -> Iterator[str]:
    if key in history.vague:
        return
    if before is None and key in history.dropped and after is None:
        yield f"{key} is gone"
    elif before is None and key in history.made and after is not None:
        yield f"{_kind(after)} {key} stays"
    elif before is not None and after is None and (not before.kind.is_view or key in history.dropped_views):
        yield f"{_kind(before)} {key} is gone"
    elif after is not None and (before is None or not before.kind.is_view):
        known = before if before is not None else Table(key)
        if key in history.dropped and not (known.complete and history.knows_names(key)):
            return  # made anew, and nobody knows what it was
        made = between if between is not None else Table(key)
        yield from _columns(known, after, history)
        if known.complete and known.row_security != after.row_security:
            yield f"row security of {key} is {after.row_security} and was {known.row_security}"
        if history.knows_names(key):
            yield from _constraints(known, made, after, history)
            yield from _indexes(known, made, after, history)


def _kind(table: Table) -> str:
    return "table" if table.kind in (TableKind.TABLE, TableKind.PARTITIONED) else table.kind.value


def _columns(before: Table, after: Table, history: OwnWords) -> Iterator[str]:
    key = before.name.key
    for name, state in before.columns.items():
        if name not in after.columns:
            yield f"column {key}.{name} is gone"
        else:
            yield from _attributes(key, state, after.columns[name], history)
            # Of a table that is not known whole ADD COLUMN IF NOT EXISTS may have found it as it was.
            if before.complete and after.columns[name].made_in == state.made_in:
                yield from _default(key, state.column, after.columns[name].column)
    for name, state in after.columns.items():
        if name in before.columns or "*" in state.column.unknown:
            continue  # nobody here made what is not known: it was there
        if before.complete or history.was_added(key, name):
            yield f"column {key}.{name} stays"
    if not before.complete:
        for (table, name), _ in history._first.items():
            if table == key and name not in before.columns and history.was_there(key, name):
                if name not in after.columns:
                    yield f"column {key}.{name} is gone"


def _attributes(key: Relation, before: ColumnState, after: ColumnState, history: OwnWords) -> Iterator[str]:
    old, new = before.column, after.column
    name = f"column {key}.{old.name}"
    unknown = {*old.unknown, *new.unknown}
    if "*" in unknown:
        return
    if not unknown & {"type"} and not _holds(new.type, old.type) and not history.renames_types:
        yield f"{name} is {new.type} and was {old.type}"
    if after.made_in == history.revision != before.made_in:
        return  # dropped and made again: its rows have nothing for it
    is_free = new.nullable and name in history.deprecated  # rows that came in meanwhile have no value
    if old.nullable != new.nullable and "nullable" not in unknown and not is_free:
        yield f"{name} is {_null(new)} and was {_null(old)}"
    if _has_default(old) == _has_default(new) or "default" in unknown:
        return
    if _has_default(old) or (key, old.name) not in history.without_default:
        yield f"{name} has {'a' if _has_default(new) else 'no'} default"


def _has_default(column: Column) -> bool:
    """Whether a column has a default; the server keeps none that is NULL."""
    return column.default is not None and column.default.strip().lower() != "null"


_LITERAL = lazily(r"'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?|true|false)", re.IGNORECASE)
_CAST = lazily(r"::[\w\s.\"\[\](),]+\Z")
_TRUTHS = {"true": "true", "t": "true", "1": "true", "false": "false", "f": "false", "0": "false"}


def _default(key: Relation, old: Column, new: Column) -> Iterator[str]:
    """A default that is written out, and not the one that was."""
    if old.default == new.default:
        return
    was, value = _value(old), _value(new)
    if None not in (was, value) and was != value and "default" not in {*old.unknown, *new.unknown}:
        yield f"column {key}.{old.name} has the default {new.default} and had {old.default}"


def _value(column: Column) -> str | float | None:
    """A default that is a literal, as its column's type has it; None for any other."""
    written = _CAST.sub("", (column.default or "").strip().strip("()").strip())
    found = _LITERAL.fullmatch(written)
    text = "" if found is None else found[2] if found[1] is None else found[1]
    if column.type == "boolean":
        return _TRUTHS.get(text.lower())
    if found is not None and column.type.startswith(("text", "character")):
        return text
    if found is not None and column.type.startswith(("integer", "bigint", "smallint", "numeric")):
        with suppress(ValueError):
            return float(text)
    return None  # of other types two texts may say one value: '{}' and '{ }', a time with its zone


_LENGTH = lazily(r"(?:character varying|text)(?:\((\d+)\))?")


def _holds(new: str, old: str) -> bool:
    """Whether a column has its old type again, or a text type that is no shorter."""
    new, old = new.removeprefix("public."), old.removeprefix("public.")
    if not old or not new or old == new:
        return True
    longest, needed = _LENGTH.fullmatch(new), _LENGTH.fullmatch(old)
    if longest is None or needed is None:
        return False
    return longest[1] is None or (needed[1] is not None and number_of(longest[1]) >= number_of(needed[1]))


def _null(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _constraints(before: Table, between: Table, after: Table, history: OwnWords) -> Iterator[str]:
    gone, new = _unlike(_but_not_null(before), _but_not_null(after), _is_same_constraint)
    gone = [
        each
        for each in gone
        if _columns_are_there(each.constraint.columns, after) and not history.was_gone(before.name.key, each)
    ]
    new = [
        each for each in new if before.complete or _is_left(each.name, between.constraints, before, history)
    ]
    yield from _told_of(
        [_constraint_name(each, before) for each in gone if each.name not in history.vague_names],
        [_constraint_name(each, before) for each in new],
    )


def _constraint_name(state: ConstraintState, table: Table) -> str:
    return f"{state.kind.value} {state.name} of {table.name.key}"


def _told_of(gone: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """What has become of things by their names: one that is gone and stays is not the one it was."""
    yield from (f"{each} comes back as another" if each in new else f"{each} is gone" for each in gone)
    yield from (f"{each} stays" for each in new if each not in gone)


def _but_not_null(table: Table) -> Mapping[str, ConstraintState]:
    """The constraints, without NOT NULL, which is told of its column."""
    return {
        name: each for name, each in table.constraints.items() if each.kind is not ConstraintKind.NOT_NULL
    }


def _columns_are_there(columns: Iterable[str], table: Table) -> bool:
    """Whether none of the columns is gone: what goes with one is not told twice."""
    return all(each in table.columns for each in columns)


def _is_left(name: str, made: Mapping[str, object], table: Table, history: OwnWords) -> bool:
    """Whether upgrade() made what was not there before, as far as a table of unknown parts can tell."""
    return name in made and (table.name.key, name) not in history.replaced


def _indexes(before: Table, between: Table, after: Table, history: OwnWords) -> Iterator[str]:
    gone, new = _unlike(before.indexes, after.indexes, lambda one, other: _index(one) == _index(other))
    yield from _told_of(
        [
            f"index {each.name}"
            for each in gone
            if not each.constraint
            and each.name not in history.vague_names
            and _columns_are_there(each.reads & before.columns.keys(), after)
        ],
        [
            f"index {each.name}"
            for each in new
            if not each.constraint
            and (
                before.complete
                or each.name in before.indexes
                or _is_left(each.name, between.indexes, before, history)
            )
        ],
    )


S = TypeVar("S", ConstraintState, IndexState)


def _unlike(
    before: Mapping[str, S], after: Mapping[str, S], same: Callable[[S, S], bool]
) -> tuple[list[S], list[S]]:
    """What only one of the two has; what has another name and is the same does not count."""
    gone = [each for name, each in before.items() if name not in after or not same(each, after[name])]
    new = [each for name, each in after.items() if name not in before or not same(each, before[name])]
    left = list(new)
    for each in list(gone):
        twin = next((other for other in left if same(each, other)), None)
        if twin is not None:
            left.remove(twin)
            gone.remove(each)
    return gone, left


def _is_same_constraint(one: ConstraintState, other: ConstraintState) -> bool:
    return _constraint(one) == _constraint(other) or _is_unread_check(one, other)


def _is_unread_check(one: ConstraintState, other: ConstraintState) -> bool:
    """Whether both are CHECKs, and of one of them is not known what it reads."""
    both = (one.constraint, other.constraint)
    return all(each.kind is ConstraintKind.CHECK for each in both) and not all(each.columns for each in both)


def _constraint(state: ConstraintState) -> Hashable:
    constraint = state.constraint
    references = constraint.references.key if constraint.references is not None else None
    text = "" if constraint.kind is not ConstraintKind.EXCLUDE else constraint.expression
    columns: Hashable = constraint.columns
    if constraint.kind is ConstraintKind.CHECK:
        columns = frozenset(constraint.columns)  # as they stand in the table, which may have changed
    return (constraint.kind, columns, references, text)


def _index(state: IndexState) -> Hashable:
    return (tuple(map(_key, state.index.keys)), state.index.unique, state.index.using.lower() or "btree")


_WRITTEN = lazily(r"::[\w\s]+|[\s()\"]+")


def _key(text: str) -> str:
    """An index's key without what writing and reading it back adds: casts, parentheses, spaces."""
    return _WRITTEN.sub("", text).lower()


def _type(
    key: Relation, before: TypeState | None, after: TypeState | None, history: OwnWords
) -> Iterator[str]:
    if key in history.vague_types:
        return
    if before is None and after is not None and after.made_in == history.revision:
        if not after.extension and key not in history.dropped_types:
            yield f"type {key} stays"
    elif before is not None and after is None and not before.extension:
        yield f"type {key} is gone"

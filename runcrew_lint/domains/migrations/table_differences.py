"""What differs between two schemas in their tables and types, each difference by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, Constraint, Relation
from runcrew_lint.domains.migrations.schema import ConstraintState, IndexState, Schema, Table
from runcrew_lint.domains.migrations.sql_words import same
from runcrew_lint.tuples import NamedTuple


class Verdict(StrEnum):
    """What has become of something that should be as it was."""

    LEFT = "is left"
    MISSING = "is missing"
    CHANGED = "is changed"


class Difference(NamedTuple):
    """One difference.

    Arguments:
        what: "table", "column", "type", "nullability", "default", "constraint", "index", "enum label" ...
        name: the object, with its table's name.
        is_now, was: for what is changed.
        table: the table that it belongs to.
    """

    verdict: Verdict
    what: str
    name: str
    is_now: str = ""
    was: str = ""
    table: Relation = NO_RELATION

    def __str__(self) -> str:
        if self.verdict is Verdict.CHANGED:
            return f"{self.what} of {self.name} is {self.is_now}, was {self.was}"
        return f"{self.what} {self.name} {self.verdict}"


def in_tables(before: Schema, after: Schema) -> Iterator[Difference]:
    """The differences of all tables that changed."""
    for key in sorted(before.tables.changed(after.tables)):
        one, other = before.table(key), after.table(key)
        if one is None and other is not None and other.made_in:
            yield Difference(Verdict.LEFT, str(other.kind), str(other.name), table=other.name)
        elif one is None and other is not None:
            yield from _within(Table(other.name), other)
        elif one is not None and other is None:
            yield Difference(Verdict.MISSING, str(one.kind), str(one.name), table=one.name)
        elif one is not None and other is not None:
            yield from _within(one, other)


def _within(one: Table, other: Table) -> Iterator[Difference]:
    table = one.name
    if one.kind is not other.kind and (one.made_in or one.complete):
        yield Difference(Verdict.CHANGED, "kind", str(table), str(other.kind), str(one.kind), table)
    if one.query and other.query and not same(one.query, other.query):
        yield Difference(Verdict.CHANGED, "query", str(table), "another", "its own", table)
    if one.unlogged != other.unlogged and one.complete:
        words = ("logged", "unlogged")
        yield Difference(
            Verdict.CHANGED, "storage", str(table), words[other.unlogged], words[one.unlogged], table
        )
    if one.row_security != other.row_security and one.complete:
        yield Difference(
            Verdict.CHANGED, "row security", str(table), other.row_security, one.row_security, table
        )
    if {each.key for each in one.parents} != {each.key for each in other.parents} and one.complete:
        shown = [", ".join(map(str, each.parents)) or "none" for each in (other, one)]
        yield Difference(Verdict.CHANGED, "parent", str(table), shown[0], shown[1], table)
    for name in _either(one.columns, other.columns):
        mine, theirs = one.columns.get(name), other.columns.get(name)
        if mine is None and theirs is not None:
            if one.complete or theirs.made_in:
                yield Difference(Verdict.LEFT, "column", f"{table}.{name}", table=table)
        elif theirs is None:
            yield Difference(Verdict.MISSING, "column", f"{table}.{name}", table=table)
        elif mine is not None and mine.column is not theirs.column:
            yield from _columns(table, mine.column, theirs.column)
    yield from _constraints(one, other)
    yield from _indexes(one, other)
    for name in _either(one.triggers, other.triggers):
        if (name in one.triggers) != (name in other.triggers) and (one.complete or name in one.triggers):
            verdict = Verdict.MISSING if name in one.triggers else Verdict.LEFT
            yield Difference(verdict, "trigger", f"{name} on {table}", table=table)


def _either(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    return list(one) if one is other else list(dict.fromkeys((*one, *other)))


def _columns(table: Relation, one: Column, other: Column) -> Iterator[Difference]:
    name = f"{table}.{one.name}"
    unknown = {*one.unknown, *other.unknown}
    if "*" in unknown:
        return
    if "type" not in unknown and one.type and other.type and one.type != other.type:
        yield Difference(Verdict.CHANGED, "type", name, other.type, one.type, table)
    if "nullable" not in unknown and one.nullable != other.nullable:
        words = ("NOT NULL", "nullable")
        yield Difference(
            Verdict.CHANGED, "nullability", name, words[other.nullable], words[one.nullable], table
        )
    if "default" not in unknown and not same(one.default or "null", other.default or "null"):
        yield Difference(
            Verdict.CHANGED, "default", name, other.default or "none", one.default or "none", table
        )
    if one.identity != other.identity:
        words = ("no identity", "an identity")
        yield Difference(Verdict.CHANGED, "identity", name, words[other.identity], words[one.identity], table)
    if not same(one.generated or "", other.generated or ""):
        yield Difference(
            Verdict.CHANGED, "expression", name, other.generated or "none", one.generated or "none", table
        )
    if one.collation != other.collation:
        shown = other.collation or "the default", one.collation or "the default"
        yield Difference(Verdict.CHANGED, "collation", name, *shown, table)


def _constraints(one: Table, other: Table) -> Iterator[Difference]:
    table = one.name
    lost = [each for name, each in one.constraints.items() if name not in other.constraints]
    for name, state in other.constraints.items():
        mine = one.constraints.get(name)
        if mine is None:
            twin = next((each for each in lost if _is_same(each.constraint, state.constraint)), None)
            if twin is not None:
                lost.remove(twin)
                yield Difference(Verdict.CHANGED, "name of a constraint", str(table), name, twin.name, table)
            elif one.complete or state.made_in:
                yield _named(Verdict.LEFT, table, state)
        elif not _is_same(mine.constraint, state.constraint):
            shown = _shown(state.constraint), _shown(mine.constraint)
            yield Difference(Verdict.CHANGED, "constraint", f"{table}.{name}", *shown, table)
    for each in lost:
        yield _named(Verdict.MISSING, table, each)


def _named(verdict: Verdict, table: Relation, state: ConstraintState) -> Difference:
    return Difference(verdict, f"{state.kind} constraint", f"{state.name} of {table}", table=table)


def _is_same(one: Constraint, other: Constraint) -> bool:
    return (
        one.kind is other.kind
        and (one.columns == other.columns or one.expression != "")
        and _key(one.references) == _key(other.references)
        and (one.referred == other.referred or not one.referred or not other.referred)
        and _action(one.on_delete) == _action(other.on_delete)
        and _action(one.on_update) == _action(other.on_update)
        and (one.deferrable, one.deferred, one.enforced) == (other.deferrable, other.deferred, other.enforced)
        and same(one.expression, other.expression)
    )


def _key(relation: Relation | None) -> Relation | None:
    return relation.key if relation is not None else None


def _action(text: str) -> str:
    return "" if text == "no action" else text


def _shown(constraint: Constraint) -> str:
    text = constraint.expression or f"({', '.join(constraint.columns)})"
    if constraint.references is not None:
        text += f" to {constraint.references}"
    if _action(constraint.on_delete):
        text += f" on delete {constraint.on_delete}"
    return text


def _indexes(one: Table, other: Table) -> Iterator[Difference]:
    table = one.name
    mine = {name: each for name, each in one.indexes.items() if not each.constraint}
    theirs = {name: each for name, each in other.indexes.items() if not each.constraint}
    lost = [each for name, each in mine.items() if name not in theirs]
    for name, state in theirs.items():
        if name not in mine:
            twin = next((each for each in lost if _is_same_index(each, state)), None)
            if twin is not None:
                lost.remove(twin)
                yield Difference(Verdict.CHANGED, "name of an index", str(table), name, twin.name, table)
            elif one.complete or state.made_in:
                yield Difference(Verdict.LEFT, "index", f"{name} on {table}", table=table)
        elif not _is_same_index(mine[name], state):
            shown = _index(state), _index(mine[name])
            yield Difference(Verdict.CHANGED, "index", f"{name} on {table}", *shown, table)
    for each in lost:
        yield Difference(Verdict.MISSING, "index", f"{each.name} on {table}", table=table)


def _is_same_index(one: IndexState, other: IndexState) -> bool:
    mine, theirs = one.index, other.index
    if mine is theirs:
        return True
    unread = "" in mine.keys or "" in theirs.keys
    return (
        (unread or (len(mine.keys) == len(theirs.keys) and all(map(same, mine.keys, theirs.keys))))
        and mine.unique == theirs.unique
        and (mine.using or "btree") == (theirs.using or "btree")
        and same(mine.where, theirs.where)
        and mine.include == theirs.include
        and mine.nulls_not_distinct == theirs.nulls_not_distinct
        and [_plain(each) for each in mine.ordering] == [_plain(each) for each in theirs.ordering]
    )


def _plain(ordering: str) -> str:
    return " ".join(ordering.lower().split()).removesuffix("asc").strip()


def _index(state: IndexState) -> str:
    index = state.index
    text = f"({', '.join(index.keys)})"
    if index.ordering:
        text += f" {' '.join(each for each in index.ordering if each)}"
    text = f"unique {text}" if index.unique else text
    text += f" include ({', '.join(index.include)})" if index.include else ""
    text += f" using {index.using}" if index.using not in ("", "btree") else ""
    return f"{text} where {index.where}" if index.where else text


def in_types(before: Schema, after: Schema) -> Iterator[Difference]:
    """The differences of types, those of extensions aside."""
    for key in sorted(before.types.changed(after.types)):
        one, other = before.type(key), after.type(key)
        if one is None or other is None:
            known = one or other
            if known is None or known.extension or (one is None and not known.made_in):
                continue
            verdict = Verdict.LEFT if one is None else Verdict.MISSING
            yield Difference(verdict, str(known.kind), str(known.name))
            continue
        if one.made_in or other.labels.keys() >= one.labels.keys():
            for label in other.labels:
                if label not in one.labels and (one.made_in or other.labels[label]):
                    yield Difference(Verdict.LEFT, "enum label", f"{key}.{label}")
            for label in one.labels:
                if label not in other.labels and other.labels:
                    yield Difference(Verdict.MISSING, "enum label", f"{key}.{label}")
        if one.nullable != other.nullable:
            words = ("NOT NULL", "nullable")
            yield Difference(
                Verdict.CHANGED, "nullability", str(key), words[other.nullable], words[one.nullable]
            )
        if not same(one.default or "null", other.default or "null"):
            yield Difference(
                Verdict.CHANGED, "default", str(key), other.default or "none", one.default or "none"
            )
        for name in _either(one.checks, other.checks):
            if (name in one.checks) != (name in other.checks) and (one.made_in or name in one.checks):
                verdict = Verdict.MISSING if name in one.checks else Verdict.LEFT
                yield Difference(verdict, "constraint", f"{name} of {key}")
        mine, theirs = [[(each.name, each.type) for each in state.attributes] for state in (one, other)]
        if mine != theirs and one.made_in:
            yield Difference(Verdict.CHANGED, "attributes", str(key), "others", "its own")

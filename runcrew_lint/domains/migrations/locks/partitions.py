"""Partitions and heirs that are attached and detached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from runcrew_lint.documents.sql import Token, tokens
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.indexes import alter_index
from runcrew_lint.domains.migrations.locks.inline import constraint_uses
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, referenced, use
from runcrew_lint.domains.migrations.locks.terms import Comparison, comparisons
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily

if TYPE_CHECKING:
    from decimal import Decimal

_RANGE = lazily(r"(?:for\s+values\s+)?from\s*\((?P<low>.*)\)\s*to\s*\((?P<high>.*)\)\s*\Z", re.I | re.S)


def partition_of(parent: Relation, scene: Scene) -> Iterator[Judgement]:
    """CREATE TABLE PARTITION OF: the new table is empty, but a default partition may hold its rows."""
    yield use("create table: partition", other=[parent], default=scene.default_partition(parent))
    for key in scene.foreign_keys(parent):
        if key.constraint.references is not None:
            yield use("create table: reference", other=[key.constraint.references])


def inherits(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """INHERIT and NO INHERIT."""
    form = "no inherit" if operation.words.startswith("no inherit") else "inherit"
    table = operation.table
    yield use(form, table, other=operation.others)
    del scene


def _attach(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    parent = operation.table
    if not operation.others:
        return
    part = operation.others[0]
    if scene.schema.table_of_index(part) is not None and scene.table(part) is None:
        yield from alter_index("attach partition", operation, scene)
        return
    below = scene.family(part)
    default = scene.default_partition(parent)
    yield use("attach partition", parent, other=[part, *below], default=default)
    if default:
        yield use("attach partition: default checked", default=[*default, *scene.family(default[0])])
    above = scene.table(parent)
    found = scene.table(part)
    if found is None or above is None or not _proven(operation.text, above, found):
        yield use("attach partition: checked", other=[part, *below])
    if above is not None:
        yield from _completed(above, found, part, scene)


def _completed(above: Table, found: Table | None, part: Relation, scene: Scene) -> Iterator[Judgement]:
    """The indexes and foreign keys that the partition lacks are made while it is locked."""
    own = {each.index.keys for each in scene.schema.indexes_of(part)}
    if any(each.index.keys not in own for each in above.indexes.values()):
        yield use("attach partition: index built", other=[part])
    keys = {each.constraint.columns for each in scene.foreign_keys(part)} if found is not None else set()
    for key in scene.foreign_keys(above.name):
        if key.constraint.columns not in keys:
            yield from constraint_uses(key.constraint, part, (), scene)


def _proven(bound: str, above: Table, part: Table) -> bool:
    """Whether a valid CHECK of the table says that each of its rows lies within the bound.

    What PostgreSQL can prove and this can't is read as unproven: comparisons of one column with numbers
    or strings, and the column's NOT NULL.
    """
    shape = _RANGE.search(bound.strip())
    key = _key_columns(above)
    if shape is None or len(key) != 1:
        return False
    column = part.columns.get(key[0])
    if column is None or column.column.nullable:
        return False
    known = [
        each
        for constraint in part.constraints.values()
        if constraint.kind is ConstraintKind.CHECK and constraint.valid
        for each in comparisons(constraint.constraint.expression)
        if each.column == key[0]
    ]
    low, high = shape["low"].strip(), shape["high"].strip()
    return (low.lower() == "minvalue" or _above(known, low)) and (
        high.lower() == "maxvalue" or _below(known, high)
    )


def _key_columns(above: Table) -> list[str]:
    """The columns that a table is partitioned by, where they are all plain columns."""
    shape = re.search(r"\((.*)\)\s*\Z", above.partition_key, re.S)
    found = _tokens(shape[1] if shape else above.partition_key)
    names = [each.value for each in found if each.kind in ("word", "name")]
    marks = [each.value for each in found if each.kind == "mark"]
    return names if set(marks) <= {","} and len(names) == len(marks) + 1 else []


def _tokens(text: str) -> list[Token]:
    try:
        return tokens(text)
    except Unreadable:
        return []


def _number(text: str) -> Decimal | None:
    from decimal import Decimal, InvalidOperation  # few partitions are bounded by numbers

    try:
        return Decimal(text.strip("'"))
    except InvalidOperation:
        return None


def _above(known: list[Comparison], limit: str) -> bool:
    wanted = _number(limit)
    for each in known:
        if each.operator in (">=", ">", "="):
            value = _number(each.literal)
            if wanted is None or value is None:
                if each.literal.strip("'") == limit.strip("'"):
                    return True
            elif value >= wanted:
                return True
    return False


def _below(known: list[Comparison], limit: str) -> bool:
    wanted = _number(limit)
    for each in known:
        value = _number(each.literal)
        if wanted is None or value is None:
            if each.operator == "<" and each.literal.strip("'") == limit.strip("'"):
                return True
        elif (each.operator == "<" and value <= wanted) or (each.operator in ("<=", "=") and value < wanted):
            return True
    return False


def _detach(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    parent = operation.table
    if operation.concurrently:
        yield use("detach partition concurrently", parent, other=operation.others)
        return
    yield use("detach partition", parent, other=operation.others, default=scene.default_partition(parent))
    for key in scene.foreign_keys(parent):
        yield use("detach partition: reference", other=referenced(key.constraint))


HANDLERS: Mapping[Kind, Handler] = {
    Kind.ATTACH_PARTITION: _attach,
    Kind.DETACH_PARTITION: _detach,
}

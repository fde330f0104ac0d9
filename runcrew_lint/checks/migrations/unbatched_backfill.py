"""unbatched-backfill: many rows are written by one statement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from runcrew_lint.checks.migrations._directions import Function
from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.data_sql import LIMITED
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind, Operation
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# What bounds a statement from outside: a slice of the table, or values that the code hands over.
_SLICED = lazily(r"\blimit\b|\bctid\b|\bbetween\b|\bfetch\s+first\b|:\w|%\(|%s|\ue000", re.IGNORECASE)
_EQUALS = lazily(r'(?:\b(?:[\w"]+\.)?"?(\w+)"?)\s*(?:=|\bin\b\s*\()\s*(?:\'|\d|\(|e\'|uuid\b)', re.IGNORECASE)
_JOINED = lazily(r'"?(\w+)"?\."?(\w+)"?\s*=\s*"?(\w+)"?\."?(\w+)"?')
_AMONG = lazily(r'"?(\w+)"?\s+in\s*\(\s*select\b', re.IGNORECASE)
_LITERALS = lazily(r"\bin\b\s*\(\s*select\b", re.IGNORECASE)
# A value that a machine has made up for one thing: a UUID, a ULID, a digest.
_MADE_UP = lazily(r"=\s*'(?=(?:[^\d']{0,40}\d){4})[\w-]{16,}'")
_LISTED = 20


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each UPDATE or DELETE of upgrade() whose WHERE may let through any number of rows.

    A statement in a loop, or one that is bounded by a slice, by values of the code or by the table's
    key, is a batch or a single row. One without WHERE is update-without-where's or delete-without-where's.
    """
    found = writes(repository, policy, Kind.UPDATE, Kind.DELETE, upgrade_alone=True)
    for _, group in groupby(found, key=lambda each: each[0].path):
        of_one = [(function, each) for function, each in group if not (each.whole or each.repeats)]
        listed = _listed(each for _, each in of_one)
        for function, operation in of_one:
            if not operation.text or _shape(operation) in listed or _is_bounded(function, operation):
                continue
            verb = operation.kind.value.upper()
            yield Fault(
                function.place(operation.span),
                f"one {verb} of whatever rows of {operation.table} match: each stays locked until all are "
                "done and the transaction ends",
                notes=only_if(operation),
            )


Shape = tuple[Kind, str, str]


def _shape(operation: Operation) -> Shape:
    return operation.kind, str(operation.table), _MADE_UP.sub("?", operation.text)


def _listed(operations: Iterable[Operation]) -> frozenset[Shape]:
    """The statements that are written out once for each of many things: a loop, without the loop."""
    named = {(_shape(each), each.text) for each in operations}
    counted = Counter(shape for shape, _ in named)
    return frozenset(shape for shape, number in counted.items() if number >= _LISTED)


def _is_bounded(function: Function, operation: Operation) -> bool:
    where = operation.text
    if _SLICED.search(where):
        return True
    if operation.words == LIMITED and _is_led_by_key(function, operation):
        return True
    if _LITERALS.search(where):
        return False
    named = {found[1].lower() for found in _EQUALS.finditer(where)}
    return bool(named & _keys(function, operation))


def _is_led_by_key(function: Function, operation: Operation) -> bool:
    """Whether the statement writes one row at the most for each that its other relations have."""
    keys, table = _keys(function, operation), operation.table.name.lower()
    for each in _AMONG.finditer(operation.text):
        if each[1].lower() in keys:
            return True
    for each in _JOINED.finditer(operation.text):
        left, own, right, other = (part.lower() for part in each.groups())
        of_table = [column for name, column in ((left, own), (right, other)) if name == table]
        # An alias may stand for either side.
        if any(column in keys for column in of_table) or {own, other} <= keys:
            return True
    return False


def _keys(function: Function, operation: Operation) -> frozenset[str]:
    """The columns that alone tell a row of the table from the others."""
    keys = {"id", "uuid"}
    table = function.lineage.after(function.migration.revision).table(operation.table)
    for state in table.constraints.values() if table is not None else ():
        constraint = state.constraint
        if constraint.kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
            if len(constraint.columns) == 1:
                keys.add(constraint.columns[0].lower())
    for each in table.indexes.values() if table is not None else ():
        if each.index.unique and len(each.index.keys) == 1 and not each.index.where:
            keys.add(each.index.keys[0].lower())
    return frozenset(keys)

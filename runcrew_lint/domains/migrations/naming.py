"""SQLAlchemy's naming conventions: the names of constraints and indexes that a revision gives none.

Source: "Configuring Constraint Naming Conventions" of SQLAlchemy's manual. A convention may hold for checks
that have a name, too; since `op.f` marks those that it leaves alone, and a fact does not tell them apart,
names that are given stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from runcrew_lint.domains.migrations.facts import (
    UNNAMED,
    Constraint,
    ConstraintKind,
    Form,
    Index,
    Kind,
    Operation,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of

LONGEST = 63  # bytes of a name that PostgreSQL keeps


def cut(name: str) -> str:
    """A name that SQLAlchemy picks, or that `op.f` marks as picked: one that is too long ends in a hash.

    `IdentifierPreparer.truncate_and_render_index_name` of SQLAlchemy: its head and four digits of its MD5;
    any other that is too long it refuses.
    """
    if len(name) <= LONGEST:
        return name
    from hashlib import md5  # loads OpenSSL, and few names are that long

    return f"{name[: LONGEST - 8]}_{md5(name.encode(), usedforsecurity=False).hexdigest()[-4:]}"


_KEYS = {
    ConstraintKind.PRIMARY_KEY: "pk",
    ConstraintKind.UNIQUE: "uq",
    ConstraintKind.FOREIGN_KEY: "fk",
    ConstraintKind.CHECK: "ck",
}
_TOKEN = lazily(r"%\((\w+)\)s")
_COLUMN = lazily(r"(referred_)?column_(\d+)(_?N)?_(name|label|key)\Z")


def named(operation: Operation, convention: Mapping[str, str]) -> Operation:
    """An operation of Alembic with the names that a convention gives to what has none."""
    if not convention or operation.form is Form.SQL:
        return operation
    if operation.kind is Kind.CREATE_INDEX and operation.index is not None:
        name = _index_name(operation, operation.index, convention)
        return replace(operation, name=name) if name else operation
    constraints = tuple(_constraint(each, operation, convention) for each in operation.constraints)
    if all(one is other for one, other in zip(constraints, operation.constraints, strict=True)):
        return operation
    name = constraints[0].name if operation.kind is Kind.ADD_CONSTRAINT else operation.name
    return replace(operation, name=name, constraints=constraints)


def _index_name(operation: Operation, index: Index, convention: Mapping[str, str]) -> str:
    """The name of an index that is given none; "" for one that is, and where it can't be told."""
    if operation.form is not Form.INLINE and operation.words != UNNAMED:
        return ""
    if not all(each.isidentifier() for each in index.keys):
        return ""
    plain = convention.get("ix", "")
    return _filled(convention.get("unique ix", plain) if index.unique else plain, operation, index.keys, None)


def may_rename_checks(convention: Mapping[str, str]) -> bool:
    """Whether a CHECK may get another name than the one that a call gives it; `op.f` would keep that."""
    pattern = convention.get("ck", "")
    return "%(constraint_name)s" in pattern and pattern != "%(constraint_name)s"


def _constraint(constraint: Constraint, operation: Operation, convention: Mapping[str, str]) -> Constraint:
    if constraint.name or constraint.using_index:
        return constraint
    pattern = convention.get(_KEYS.get(constraint.kind, ""), "")
    name = _filled(pattern, operation, constraint.columns, constraint)
    return replace(constraint, name=name) if name else constraint


def _filled(
    pattern: str, operation: Operation, columns: tuple[str, ...], constraint: Constraint | None
) -> str:
    """The pattern with its tokens filled in, "" where one can't be."""
    table = operation.table
    schema = f"{table.schema}_" if table.schema not in ("", "?") else ""
    known = {"table_name": table.name}
    if constraint is not None and constraint.references is not None:
        known["referred_table_name"] = constraint.references.name
    missed = False

    def value(token: re.Match[str]) -> str:
        nonlocal missed
        if token[1] in known:
            return known[token[1]]
        column = _COLUMN.match(token[1])
        names = (constraint.referred if constraint is not None else ()) if column and column[1] else columns
        if column is None or len(names) <= number_of(column[2]) or "" in names:
            missed = True
            return ""
        at = number_of(column[2])
        chosen = names[at:] if column[3] else names[at : at + 1]
        if column[4] == "label":
            chosen = tuple(f"{schema}{table.name}_{each}" for each in chosen)
        return ("_" if column[3] == "_N" else "").join(chosen)

    name = _TOKEN.sub(value, pattern)
    return "" if missed else cut(name)

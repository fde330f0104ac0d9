"""ALTER TABLE, action by action, as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations import partition_sql
from runcrew_lint.domains.migrations.alter_column_sql import alter_column
from runcrew_lint.domains.migrations.column_sql import (
    clauses,
    column,
    table_constraint,
)
from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Form,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.relation_sql import (
    is_cascade,
    name_of,
    only_one,
    options,
    relation,
)
from runcrew_lint.domains.migrations.table_action import Action, Made, not_known
from runcrew_lint.domains.migrations.values import Unclear


def alter_table(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER TABLE (or ALTER FOREIGN TABLE) does, an operation an action.

    Errors:
        Unclear where the table, or the name or kind of an action, is not known.
    """
    if cursor.take("all", "in", "tablespace"):
        yield Operation(
            Kind.OTHER, cursor.span, words="alter table all in tablespace", name=cursor.name() or ""
        )
        return
    exists = cursor.take("if", "exists")
    table, only = only_one(cursor)
    part = 0
    while True:
        here = part

        def made(kind: Kind, *, here: int = here, **fields: Any) -> Operation:
            fields.setdefault("if_exists", exists)
            return Operation(kind, cursor.span, form=Form.SQL, table=table, part=here, only=only, **fields)

        yield from _action(cursor, table, made)
        token = cursor.token
        if token is None:
            return
        if not cursor.take(","):
            raise Unclear("the rest of the statement", f"{token.value[:40]!r} can't follow an action")
        part += 1


def _action(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    word = cursor.word
    if word in _ACTIONS:
        cursor.at += 1
        yield from _ACTIONS[word](cursor, table, made)
        return
    raise not_known(cursor)


def _add(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    constraint = table_constraint(cursor)
    if constraint is not None:
        yield made(Kind.ADD_CONSTRAINT, name=constraint.name, constraints=(constraint,))
        return
    cursor.take("column")
    flags = {"if_exists": True} if cursor.take("if", "not", "exists") else {}
    new, inline = column(cursor)
    yield made(Kind.ADD_COLUMN, columns=(new,), constraints=tuple(inline), **flags)


def _drop(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    constraint = cursor.take("constraint")
    if not constraint:
        cursor.take("column")
    flags = {"if_exists": True} if cursor.take("if", "exists") else {}
    if constraint:
        name = name_of(cursor, "the constraint")
        yield made(Kind.DROP_CONSTRAINT, name=name, cascade=is_cascade(cursor), **flags)
        return
    gone = Column(name_of(cursor, "the column"))
    yield made(Kind.DROP_COLUMN, columns=(gone,), cascade=is_cascade(cursor), **flags)


def _alter(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    if cursor.take("constraint"):
        yield _alter_constraint(cursor, made)
        return
    cursor.take("column")
    if cursor.token is not None and cursor.token.kind == "number":  # an index's column
        number = cursor.token.value
        cursor.at += 1
        yield alter_column(cursor, made, number)
        return
    yield alter_column(cursor, made, name_of(cursor, "the column"))


def _alter_constraint(cursor: Cursor, made: Made) -> Operation:
    name = name_of(cursor, "the constraint")
    first = cursor.at
    rest = cursor.until(",")
    given = cursor.tokens[first : cursor.at]
    words = [token.value for token in given]
    enforced = "enforced" in words
    negated = "not enforced" in " ".join(words)
    inner = Cursor(cursor.sql, given)
    fields: list[Constraint] = []
    if given:
        clauses(inner, "", fields := [Constraint(ConstraintKind.FOREIGN_KEY, name)])
    said = " not enforced" if negated else " enforced" if enforced else ""
    return made(
        Kind.ALTER_TABLE,
        words=f"alter constraint{said}",
        name=name,
        constraints=tuple(fields),
        text=rest,
    )


def _rename(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    if cursor.take("to"):
        yield made(Kind.RENAME_TABLE, target=Relation(table.schema, relation(cursor, "the new name").name))
        return
    if cursor.take("constraint"):
        name = name_of(cursor, "the constraint")
        cursor.take("to")
        new = name_of(cursor, "the new name")
        yield made(Kind.RENAME_CONSTRAINT, name=name, target=Relation("", new))
        return
    cursor.take("column")
    old = name_of(cursor, "the column")
    cursor.take("to")
    yield made(Kind.RENAME_COLUMN, columns=(Column(old),), name=name_of(cursor, "the new name"))


def _validate(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.take("constraint")
    yield made(Kind.VALIDATE_CONSTRAINT, name=name_of(cursor, "the constraint"))


def _set(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    if cursor.take("schema"):
        schema = name_of(cursor, "the schema")
        yield made(Kind.SET_SCHEMA, target=Relation(schema, table.name))
    elif cursor.token is not None and cursor.token.value == "(":
        yield made(Kind.ALTER_TABLE, words="set", options=options(cursor))
    else:
        for words in ("tablespace", "access method"):
            if cursor.take(*words.split()):
                value = name_of(cursor, f"the {words}")
                yield made(Kind.ALTER_TABLE, words=f"set {words}", name=value, options=((words, value),))
                return
        for words in ("logged", "unlogged", "without oids", "with oids", "without cluster"):
            if cursor.take(*words.split()):
                yield made(Kind.ALTER_TABLE, words=f"set {words}", unlogged=words == "unlogged")
                return
        raise not_known(cursor)


def _reset(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    yield made(Kind.ALTER_TABLE, words="reset", options=options(cursor))


def _switch(word: str) -> Action:
    def reader(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
        del table
        if cursor.take("row", "level", "security"):
            yield made(Kind.ALTER_TABLE, words=f"{word} row level security")
            return
        mode = cursor.take_one("always", "replica")
        what = cursor.take_one("trigger", "rule")
        if not what:
            raise not_known(cursor)
        words = " ".join(each for each in (word, mode, what) if each)
        yield made(Kind.ALTER_TABLE, words=words, name=name_of(cursor, f"the {what}"))

    return reader


def _force(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.take("row", "level", "security")
    yield made(Kind.ALTER_TABLE, words="force row level security")


def _no(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    if cursor.take("inherit"):
        parent = relation(cursor, "the parent table")
        yield made(Kind.ALTER_TABLE, words="no inherit", others=(parent,))
    elif cursor.take("force", "row", "level", "security"):
        yield made(Kind.ALTER_TABLE, words="no force row level security")
    else:
        raise not_known(cursor)


def _named(words: str, *behind: str) -> Action:
    """An action that names one thing behind its words."""

    def reader(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
        del table
        if behind and not cursor.take(*behind):
            raise not_known(cursor)
        yield made(Kind.ALTER_TABLE, words=words, name=".".join(cursor.dotted()))

    return reader


def _replica(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.take("identity")
    index = name_of(cursor, "the index") if cursor.take("using", "index") else ""
    how = cursor.take_one("full", "nothing", "default")
    yield made(Kind.ALTER_TABLE, words=f"replica identity {how or 'using index'}", name=index)


def _foreign_options(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.parenthesised()
    yield made(Kind.ALTER_TABLE, words="options")


_ACTIONS: dict[str, Action] = {
    **partition_sql.ACTIONS,
    "add": _add,
    "drop": _drop,
    "alter": _alter,
    "rename": _rename,
    "validate": _validate,
    "set": _set,
    "reset": _reset,
    "enable": _switch("enable"),
    "disable": _switch("disable"),
    "force": _force,
    "no": _no,
    "owner": _named("owner to", "to"),
    "cluster": _named("cluster on", "on"),
    "of": _named("of"),
    "not": _named("not of", "of"),
    "replica": _replica,
    "options": _foreign_options,
}

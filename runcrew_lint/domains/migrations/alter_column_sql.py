"""ALTER TABLE ... ALTER COLUMN, action by action, as operations."""

from __future__ import annotations

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.column_sql import collation, type_text
from runcrew_lint.domains.migrations.facts import Column, Kind, Operation
from runcrew_lint.domains.migrations.relation_sql import options
from runcrew_lint.domains.migrations.table_action import Made
from runcrew_lint.domains.migrations.values import Unclear


def alter_column(cursor: Cursor, made: Made, name: str) -> Operation:
    """What an action does to the column of this name.

    Errors:
        Unclear where it is none that is known.
    """
    if cursor.take("set", "data", "type") or cursor.take("type"):
        new = type_text(cursor)
        rules = collation(cursor)
        using = cursor.until(",") if cursor.take("using") else ""
        told = Column(name, type=new, collation=rules, unknown=() if new else ("type",))
        return made(Kind.ALTER_TYPE, columns=(told,), text=using)
    if cursor.take("set", "not", "null"):
        return made(Kind.SET_NOT_NULL, columns=(Column(name, nullable=False),))
    if cursor.take("drop", "not", "null"):
        return made(Kind.DROP_NOT_NULL, columns=(Column(name),))
    if cursor.take("set", "default"):
        return made(Kind.SET_DEFAULT, columns=(Column(name, default=cursor.until(",")),))
    if cursor.take("drop", "default"):
        return made(Kind.DROP_DEFAULT, columns=(Column(name),))
    words, told, given = column_action(cursor, name)
    return made(Kind.ALTER_TABLE, words=words, columns=(told,), options=given, text=told.generated or "")


def column_action(cursor: Cursor, name: str) -> tuple[str, Column, tuple[tuple[str, str], ...]]:
    """An action on a column that has no kind of its own: its words, the column, what is set.

    Errors:
        Unclear where it is none that is known.
    """
    told = Column(name)
    if cursor.take("set", "expression"):
        cursor.take("as")
        first = cursor.at
        cursor.parenthesised()
        told = Column(name, generated=cursor.between(first, cursor.at))
        return "set expression", told, ()
    for words in _COLUMN_ACTIONS:
        if cursor.take(*words.split()):
            if words == "add generated":
                told = Column(name, identity=True, nullable=False)
                return "add generated as identity", told, (("generated", cursor.until(",")),)
            if words in ("set generated", "restart"):
                return words, told, ((words.split()[-1], cursor.until(",")),)
            if words.startswith("drop"):
                cursor.take("if", "exists")
                return words, told, ()
            return words, told, ((words.split()[-1], cursor.until(",")),)
    if word := cursor.take_one("set", "reset", "options"):
        if cursor.token is not None and cursor.token.value == "(":
            return word, told, options(cursor)
        return "set generated", told, (("generated", cursor.until(",")),)
    raise Unclear("the change", f"what is altered of the column {name} is not known")


_COLUMN_ACTIONS = (
    *("drop expression", "set statistics", "set storage", "set compression", "add generated"),
    *("set generated", "restart", "drop identity"),
)

"""The steps that make an index, a constraint or a type again as the replayed schema knows it, or drop it."""

from __future__ import annotations

from itertools import zip_longest

from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    UNREAD,
    Column,
    Constraint,
    ConstraintKind,
    Index,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import ConstraintState, IndexState, Schema, TypeKind, TypeState
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily

_TYPES = {kind: word for word, kind in SAID_KINDS.items()}
_KEYS = (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY)
_COLUMN = lazily(r"\w+\Z")

Word = str | bool | tuple[str, ...]
Words = tuple[tuple[str, Word], ...]


@frozen
class Undo:
    """What takes one step back: a call of `op`, and what it does.

    Arguments:
        method, arguments, keywords: the call; `execute` sends SQL.
        block: whether it runs outside the transaction, as the step did.
    """

    operation: Operation
    method: str
    arguments: tuple[Word, ...]
    keywords: Words = ()
    block: bool = False


def sql(operation: Operation, statement: str) -> Undo:
    """A step that sends a statement."""
    return Undo(operation, "execute", (statement,))


def on_schema(table: Relation, word: str = "schema") -> Words:
    """The keyword that names a table's schema, where it has one."""
    return ((word, table.schema),) if table.schema else ()


def said_kind(kind: ConstraintKind) -> str:
    """What `drop_constraint` calls a kind as its `type_`, "" for none."""
    return _TYPES.get(kind, "")


def commented(table: Relation, name: str, comment: str | None) -> Undo:
    """What gives a column a comment, or none."""
    back = Operation(Kind.COMMENT_COLUMN, NOWHERE, table=table, columns=(Column(name, comment=comment),))
    text = "NULL" if comment is None else "'{}'".format(comment.replace("'", "''"))
    return sql(back, f"COMMENT ON COLUMN {qualified(table)}.{quoted(name)} IS {text}")


def index_again(table: Relation, state: IndexState) -> Undo | None:
    """What builds an index as it was; None where it was not read as a whole, or carries a constraint."""
    index = state.index
    if state.constraint or state.parent or index.only or not index.keys or {"", UNREAD} & set(index.keys):
        return None
    back = Operation(Kind.CREATE_INDEX, NOWHERE, table=table, name=state.name, index=index)
    rest = index.using not in ("", "btree") or index.where or index.include or index.nulls_not_distinct
    if rest or any(index.ordering) or not all(map(_COLUMN.match, index.keys)):
        return sql(back, _definition(table, state.name, index))
    unique: Words = (("unique", True),) if index.unique else ()
    return Undo(back, "create_index", (state.name, table.name, index.keys), (*unique, *on_schema(table)))


def _definition(table: Relation, name: str, index: Index) -> str:
    keys = [
        " ".join([quoted(key) if _COLUMN.match(key) else f"({key})", *([order] if order else [])])
        for key, order in zip_longest(index.keys, index.ordering[: len(index.keys)], fillvalue="")
    ]
    words = f"CREATE {'UNIQUE ' * index.unique}INDEX {quoted(name)} ON {qualified(table)}"
    words += f" USING {index.using}" if index.using else ""
    words += f" ({', '.join(keys)})"
    words += f" INCLUDE ({', '.join(map(quoted, index.include))})" if index.include else ""
    words += " NULLS NOT DISTINCT" * index.nulls_not_distinct
    return words + (f" WHERE {index.where}" if index.where else "")


def index_gone(table: Relation, name: str) -> Undo:
    """What drops an index."""
    back = Operation(Kind.DROP_INDEX, NOWHERE, table=table, name=name)
    return Undo(back, "drop_index", (name,), (("table_name", table.name), *on_schema(table)))


def constraint_again(table: Relation, state: ConstraintState, lineage: Lineage) -> Undo | None:
    """What adds a constraint as it was; None where its name or what it says is not known."""
    constraint = state.constraint
    if not is_known(state, lineage) or not constraint.enforced or state.inherited or constraint.no_inherit:
        return None
    back = Operation(Kind.ADD_CONSTRAINT, NOWHERE, table=table, name=state.name, constraints=(constraint,))
    late: Words = (("deferrable", True),) if constraint.deferrable or constraint.deferred else ()
    late += (("initially", "DEFERRED"),) if constraint.deferred else ()
    named = (state.name, table.name)
    if constraint.kind is ConstraintKind.CHECK and constraint.expression and not late:
        # A naming convention would make another name of the one that it is given here.
        said = f"CHECK {_bracketed(constraint.expression)}{' NOT VALID' * (not constraint.valid)}"
        return sql(back, f"ALTER TABLE {qualified(table)} ADD CONSTRAINT {quoted(state.name)} {said}")
    if not constraint.columns or constraint.include or constraint.nulls_not_distinct:
        return None
    if constraint.kind in (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY):
        is_primary = constraint.kind is ConstraintKind.PRIMARY_KEY
        method = "create_primary_key" if is_primary else "create_unique_constraint"
        if late and is_primary:
            return None
        return Undo(back, method, (*named, constraint.columns), (*late, *on_schema(table)))
    to = constraint.references
    if constraint.kind is not ConstraintKind.FOREIGN_KEY or to is None or not constraint.referred:
        return None
    actions = (("onupdate", constraint.on_update.upper()), ("ondelete", constraint.on_delete.upper()))
    words: Words = (*(each for each in actions if each[1]), *late)
    words += (*on_schema(table, "source_schema"), *on_schema(to, "referent_schema"))
    words += () if constraint.valid else (("postgresql_not_valid", True),)
    return Undo(back, "create_foreign_key", (*named, to.name, constraint.columns, constraint.referred), words)


def is_free(step: Undo, schema: Schema) -> bool:
    """Whether nothing has the name of what a step makes or the place of a primary key, and keys can refer."""
    operation = step.operation
    table = schema.table(operation.table)
    if operation.kind is Kind.CREATE_INDEX:
        return schema.table_of_index(operation.table._replace(name=operation.name)) is None
    if operation.kind is Kind.ADD_CONSTRAINT and table is not None:
        (constraint,) = operation.constraints
        is_primary = constraint.kind is ConstraintKind.PRIMARY_KEY
        is_taken = operation.name in table.constraints or (is_primary and table.primary_key)
        return not is_taken and _can_refer(constraint, schema)
    return True


def _can_refer(constraint: Constraint, schema: Schema) -> bool:
    """Whether a key tells apart what a foreign key refers to, where the other table's keys are all known."""
    other = schema.table(constraint.references) if constraint.references is not None else None
    if other is None or not other.complete or not constraint.referred:
        return True
    keys = [each.constraint.columns for each in other.constraints.values() if each.kind in _KEYS]
    keys += [each.index.keys for each in other.indexes.values() if each.index.unique and not each.index.where]
    return set(constraint.referred) in map(set, keys)


def _bracketed(expression: str) -> str:
    """An expression in parentheses: its own, where one pair is around all of it."""
    depth = 0
    for at, each in enumerate(expression):
        depth += {"(": 1, ")": -1}.get(each, 0)
        if each == "'" or (depth == 0 and at < len(expression) - 1):
            return f"({expression})"
    return expression


def constraint_gone(table: Relation, state: ConstraintState, lineage: Lineage) -> Undo | None:
    """What drops a constraint; None where its name is not known."""
    if not is_known(state, lineage) or state.inherited:
        return None
    back = Operation(Kind.DROP_CONSTRAINT, NOWHERE, table=table, name=state.name)
    kind = said_kind(state.kind)
    if state.kind is ConstraintKind.CHECK or not kind:
        # A naming convention would make another name of the one that it is given here.
        return sql(back, f"ALTER TABLE {qualified(table)} DROP CONSTRAINT {quoted(state.name)}")
    return Undo(back, "drop_constraint", (state.name, table.name), (("type_", kind), *on_schema(table)))


def is_known(state: ConstraintState, lineage: Lineage) -> bool:
    """Whether its name is the server's: what a convention of env.py may name, it may name otherwise."""
    is_check = state.kind is ConstraintKind.CHECK
    unsure = lineage.renames_checks if is_check else state.automatic and not lineage.names_are_known
    return bool(state.name) and not unsure


def type_again(state: TypeState) -> Undo | None:
    """What makes an enum again, its labels in their order; None for another type."""
    if state.kind is not TypeKind.ENUM or not state.labels or state.extension:
        return None
    labels = tuple(state.labels)
    back = Operation(Kind.CREATE_TYPE, NOWHERE, name=_dotted(state.name), values=labels, words="enum")
    shown = ", ".join("'{}'".format(each.replace("'", "''")) for each in labels)
    return sql(back, f"CREATE TYPE {qualified(state.name)} AS ENUM ({shown})")


def type_gone(state: TypeState) -> Undo | None:
    """What drops a type."""
    if state.extension or state.kind is TypeKind.DOMAIN:
        return None
    back = Operation(Kind.DROP_TYPE, NOWHERE, name=_dotted(state.name))
    return sql(back, f"DROP TYPE {qualified(state.name)}")


def _dotted(name: Relation) -> str:
    return f"{name.schema}.{name.name}" if name.schema else name.name

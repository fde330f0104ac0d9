"""Columns that come, go and change what they allow; a change of type is `retype`'s."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping

from runcrew_lint.domains.migrations.facts import (
    UNREAD,
    Column,
    ConstraintKind,
    Form,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.locks.effect import Doubt
from runcrew_lint.domains.migrations.locks.indexes import alter_index
from runcrew_lint.domains.migrations.locks.inline import column_goes, constraint_uses
from runcrew_lint.domains.migrations.locks.retype import alter_type
from runcrew_lint.domains.migrations.locks.scene import (
    Handler,
    Judgement,
    Scene,
    use,
)
from runcrew_lint.domains.migrations.locks.terms import proves_not_null, strings_called
from runcrew_lint.domains.migrations.locks.volatility import Volatility, volatility
from runcrew_lint.domains.migrations.schema import ConstraintState, TableKind

PROOF_SINCE = 12  # a CHECK spares SET NOT NULL its scan: release notes of 12
_NUMBERS = frozenset({"nextval", "setval"})


def _add(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    children = scene.family(table, operation.only)
    yield use("add column", table, child=children)
    column = operation.columns[0]
    if operation.if_exists and scene.schema.column(table, column.name) is not None:
        return
    valued = yield from _value(column, table, children, scene)
    if column.virtual and not column.nullable:
        yield use("set not null: unproven", table, child=children)
    # Alembic adds the foreign key by a statement of its own, which looks at all rows whatever is in them.
    apart = operation.form in (Form.CALL, Form.BATCH)
    for constraint in operation.constraints:
        yield from constraint_uses(constraint, table, children, scene, checked=valued or apart)


def _value(
    column: Column, table: Relation, children: tuple[Relation, ...], scene: Scene
) -> Generator[Judgement, None, bool]:
    """What filling the new column costs; returns whether it is filled with anything but NULL."""
    domain = scene.domains().get(column.type)
    state = scene.schema.type_of(column.type) if domain is not None else None
    default = column.default if column.default is not None else (state.default if state else None)
    each = column.serial or column.identity or (domain is not None and domain.constrained)
    if column.generated is not None:
        each = each or not column.virtual
        default = None
    if each:
        yield use("add column: a value for each row", table, child=children)
    if default is None or default.strip().lower().split("::")[0] == "null":
        return each and not (domain is not None and default is None)
    rated = Volatility.UNKNOWN if default == UNREAD else volatility(default, own_functions(scene))
    yield from depends_on_sequences(default, scene)
    if rated is Volatility.VOLATILE:
        yield use("add column: a value for each row", table, child=children)
        if any(scene.rows(name) for name in (table, *children)):
            yield use("take numbers", other=_sequences(default, scene))
    else:
        if rated is Volatility.UNKNOWN:
            why = "its default can't be read" if default == UNREAD else "its default may be volatile"
            yield Doubt("rewrite", table.key, why)
        yield use("add column: one value for all rows", table, child=children)
    return True


def own_functions(scene: Scene) -> Callable[[str], Volatility]:
    """The rating of the functions that the history made."""

    def rate(name: str) -> Volatility:
        found = scene.schema.function(Relation("", name))
        rated = found.volatility if found is not None else ""
        return Volatility(rated) if rated in set(Volatility) else Volatility.UNKNOWN

    return rate


def depends_on_sequences(default: str | None, scene: Scene) -> Iterator[Judgement]:
    """A default that takes numbers depends on its sequence."""
    found = _sequences(default, scene) if default is not None and "nextval" in default else []
    if found:
        yield use("depend on sequence", other=found)


def _set_default(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    yield from _plain("set default")(operation, scene)
    yield from depends_on_sequences(operation.columns[0].default, scene)


def _sequences(expression: str, scene: Scene) -> list[Relation]:
    """The sequences that an expression takes numbers from."""
    found = []
    for name in strings_called(expression, _NUMBERS):
        schema, _, last = name.rpartition(".")
        relation = Relation(schema.strip('"'), last.strip('"'))
        if scene.schema.sequence(relation) is not None:
            found.append(relation)
    return found


def _drop(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table, name = operation.table, operation.columns[0].name
    children = scene.family(table, operation.only)
    # Under ONLY the children keep the column as their own, which is written down in them.
    heirs = [each.name for each in scene.schema.children(table)] if operation.only else children
    yield use("drop column", table, child=heirs)
    for each in (table, *children):
        yield from column_goes(each, name, scene)


def _set_not_null(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    name = operation.columns[0].name
    children = scene.family(table, operation.only)
    if is_not_null(table, name, scene):
        # Before 18 heirs may take NULL all the same, so that they are looked at; partitions may not.
        found = scene.table(table)
        split = found is not None and found.partitioned
        yield use(f"set not null: there{'' if split else ', heirs'}", table, child=children)
    else:
        yield use("set not null", table, child=children)
    for each in (table, *children):
        if needs_proof(each, name, scene):
            yield use("set not null: unproven", each)


def is_not_null(table: Relation, name: str, scene: Scene) -> bool:
    """Whether a column is known to be NOT NULL, for all rows that are there, too."""
    state = scene.schema.column(table, name)
    if state is None or state.column.nullable or _vague(state.column):
        return False
    return not any(
        each.kind is ConstraintKind.NOT_NULL and not each.valid and name in each.constraint.columns
        for each in _constraints(table, scene)
    )


def needs_proof(table: Relation, name: str, scene: Scene) -> bool:
    """Whether PostgreSQL has to read the table to know that a column holds no NULL."""
    if is_not_null(table, name, scene):
        return False
    if scene.major < PROOF_SINCE:
        return True
    return not any(
        each.kind is ConstraintKind.CHECK and each.valid and proves_not_null(each.constraint.expression, name)
        for each in _constraints(table, scene)
    )


def _constraints(table: Relation, scene: Scene) -> tuple[ConstraintState, ...]:
    found = scene.table(table)
    return tuple(found.constraints.values()) if found is not None else ()


def _vague(column: Column) -> bool:
    return bool({"*", "nullable"} & set(column.unknown))


def _plain(form: str) -> Handler:
    def handler(operation: Operation, scene: Scene) -> Iterator[Judgement]:
        yield use(form, operation.table, child=scene.family(operation.table, operation.only))

    return handler


def _drop_not_null(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    state = scene.schema.column(table, operation.columns[0].name)
    absent = state is not None and state.column.nullable and not _vague(state.column)
    form = "drop not null: absent" if absent else "drop not null"
    yield use(form, table, child=scene.family(table, operation.only))


def _rename(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = scene.table(operation.table)
    if table is not None and table.kind in (TableKind.VIEW, TableKind.MATERIALIZED_VIEW):
        yield use("alter view", operation.table)
    else:
        yield from _plain("rename column")(operation, scene)


def _comment(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    del scene
    yield use("comment", operation.table)


# ALTER COLUMN's actions by their first words, the longest first.
_ACTIONS = (
    ("set statistics", "set statistics"),
    ("set storage", "set storage"),
    ("set compression", "set compression"),
    ("add generated", "set identity"),
    ("set generated", "set identity"),
    ("drop identity", "drop identity"),
    ("drop expression", "drop expression"),
    ("set expression", "set expression"),
    ("restart", "set identity"),
    ("set increment", "set identity"),
    ("set", "set column options"),
    ("reset", "set column options"),
)


def alter_column(words: str, operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """An action of ALTER COLUMN that has no kind of its own."""
    if scene.schema.index(operation.table) is not None:
        yield from alter_index("alter column", operation, scene)
        return
    form = next((form for start, form in _ACTIONS if words.startswith(start)), "alter table")
    table = operation.table
    name = operation.columns[0].name if operation.columns else ""
    state = scene.schema.column(table, name)
    if form == "set expression" and state is not None and state.column.virtual:
        form = "set expression: virtual"
    children = scene.family(table, operation.only)
    along = scene.sequences_of(table, name) if form in ("drop identity", "set identity") else ()
    yield use(form, table, child=children, along=along)


HANDLERS: Mapping[Kind, Handler] = {
    Kind.ADD_COLUMN: _add,
    Kind.DROP_COLUMN: _drop,
    Kind.RENAME_COLUMN: _rename,
    Kind.ALTER_TYPE: alter_type,
    Kind.SET_NOT_NULL: _set_not_null,
    Kind.DROP_NOT_NULL: _drop_not_null,
    Kind.SET_DEFAULT: _set_default,
    Kind.DROP_DEFAULT: _plain("drop default"),
    Kind.COMMENT_COLUMN: _comment,
}

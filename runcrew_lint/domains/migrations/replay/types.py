"""Types, domains and extensions."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Constraint, Form, Kind, Operation, Relation
from runcrew_lint.domains.migrations.replay.columns import forget_column
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.extensions import TYPES
from runcrew_lint.domains.migrations.replay.names import clipped, joined
from runcrew_lint.domains.migrations.sql_words import quoted, renamed, type_name
from runcrew_lint.domains.migrations.states import TypeKind, TypeState


def named(text: str) -> Relation:
    """The relation that `schema.name` stands for."""
    schema, _, name = text.rpartition(".")
    return Relation(schema, name)


def _subject(operation: Operation) -> Relation:
    return operation.table if operation.table.name else named(operation.name)


def _put(draft: Draft, state: TypeState) -> None:
    draft.types = draft.types.put(state.name.key, state)
    draft.changed = True


def create_type(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE TYPE; one without labels and attributes is a range, a shell or not known.

    An enum that comes with a table is left alone by Alembic where it has made it before.
    """
    name = _subject(operation)
    careful = operation.if_exists or operation.conditions or operation.form is Form.INLINE
    if careful and draft.type(name) is not None:
        return
    kind = TypeKind.OTHER
    if operation.values or "enum" in operation.words:
        kind = TypeKind.ENUM
    elif operation.columns:
        kind = TypeKind.COMPOSITE
    elif "range" in operation.words:
        kind = TypeKind.RANGE
    labels = dict.fromkeys(operation.values, revision)
    _put(draft, TypeState(name, kind, revision, labels, attributes=operation.columns))


def drop_type(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP TYPE and DROP DOMAIN; the columns that use it go, too, as CASCADE has it."""
    del revision
    forget_type(draft, _subject(operation), cascade=operation.cascade)


def forget_type(draft: Draft, name: Relation, *, cascade: bool) -> None:
    """Take a type."""
    users = draft.users_of(name) if cascade else ()
    draft.types = draft.types.without(name.key)
    draft.changed = True
    for table, state in users:
        forget_column(draft, draft.some(table.name), state.column.name)


def alter_enum(draft: Draft, operation: Operation, revision: str) -> None:
    """ADD VALUE, in its place, and RENAME VALUE."""
    state = draft.type(_subject(operation))
    if state is None:
        state = TypeState(_subject(operation), TypeKind.ENUM)
    labels = dict(state.labels)
    if len(operation.values) == 2:
        old, new = operation.values
        labels = {(new if label == old else label): made for label, made in labels.items()}
    elif operation.values and operation.values[0] not in labels:
        labels = _placed(labels, operation, revision)
    _put(draft, replace(state, labels=labels))


def _placed(labels: dict[str, str], operation: Operation, revision: str) -> dict[str, str]:
    options = dict(operation.options)
    order = list(labels)
    before, after = options.get("before"), options.get("after")
    at = len(order)
    if before in order:
        at = order.index(before)
    elif after in order:
        at = order.index(after) + 1
    order.insert(at, operation.values[0])
    return {label: labels.get(label, revision) for label in order}


def alter_type(draft: Draft, operation: Operation, revision: str) -> None:
    """RENAME TO, SET SCHEMA, OWNER TO and a composite's attributes."""
    name = _subject(operation)
    state = draft.type(name)
    if operation.target is not None and "attribute" not in operation.words:
        _rename(draft, state or TypeState(name, TypeKind.OTHER), operation.target)
        return
    if state is None or not operation.columns:
        return
    gone = {each.name for each in operation.columns}
    kept = tuple(each for each in state.attributes if each.name not in gone)
    if "drop attribute" in operation.words:
        attributes = kept
    elif "rename attribute" in operation.words:
        new = operation.target.name if operation.target is not None else operation.columns[-1].name
        attributes = tuple(
            replace(each, name=new) if each.name == operation.columns[0].name else each
            for each in state.attributes
        )
    elif "alter attribute" in operation.words:
        given = {each.name: each for each in operation.columns}
        attributes = tuple(given.get(each.name, each) for each in state.attributes)
    else:
        attributes = (*kept, *operation.columns)
    del revision
    _put(draft, replace(state, attributes=attributes))


def _rename(draft: Draft, state: TypeState, target: Relation) -> None:
    """Give a type another name: the columns of that type then say so."""
    users, domains = draft.users_of(state.name), draft.domains_over(state.name)
    once = draft.once_users_of(state.name)
    draft.types = draft.types.without(state.name.key)
    _put(draft, replace(state, name=target))
    for table in once:
        columns = {
            name: each._replace(column=replace(each.column, default=default))
            for name, each in table.columns.items()
            if each.column.default
            and (default := renamed(each.column.default, state.name.name, target.name)) != each.column.default
        }
        if columns:
            draft.change(table, columns={**table.columns, **columns})
    key = target.key
    spelled = f"{quoted(key.schema)}.{quoted(key.name)}" if key.schema else quoted(key.name)
    for domain in domains:
        array = "[]" if domain.base.endswith("[]") else ""
        _put(draft, replace(domain, base=f"{spelled}{array}"))
        draft.use(spelled, domain.name)
    for table, each in users:
        current = draft.some(table.name)
        column = current.columns[each.column.name].column
        if type_name(column.type).key != state.name.key:
            continue  # of a domain over the type
        text = f"{spelled}{'[]' if column.type.endswith('[]') else ''}"
        moved = each._replace(column=replace(column, type=text))
        draft.change(current, columns={**current.columns, column.name: moved})
        draft.use(text, table.name)


def create_domain(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE DOMAIN: `columns` has one that bears its type."""
    name = _subject(operation)
    column = operation.columns[0] if operation.columns else None
    checks: dict[str, Constraint] = {}
    for each in operation.constraints:
        label = _check_name(name, each, checks)
        checks[label] = replace(each, name=label)
    state = TypeState(
        name,
        TypeKind.DOMAIN,
        revision,
        base=column.type if column is not None else "",
        default=column.default if column is not None else None,
        nullable=column.nullable if column is not None else True,
        checks=checks,
    )
    _put(draft, state)
    draft.use(state.base, name)


def _check_name(name: Relation, constraint: Constraint, checks: dict[str, Constraint]) -> str:
    if constraint.name:
        return clipped(constraint.name)
    number = 0
    while (label := joined(name.name, "", f"check{number or ''}")) in checks:
        number += 1
    return label


def alter_domain(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER DOMAIN in all its actions."""
    del revision
    name = _subject(operation)
    state = draft.type(name) or TypeState(name, TypeKind.DOMAIN)
    words, checks = operation.words, dict(state.checks)
    if words.startswith("rename constraint") and operation.target is not None:
        old = operation.constraints[0].name if operation.constraints else ""
        new = operation.target.name
        checks = {
            (new if each == old else each): replace(c, name=new if each == old else each)
            for each, c in checks.items()
        }
    elif operation.target is not None:
        _rename(draft, state, operation.target)
        return
    elif words.startswith("add"):
        for each in operation.constraints:
            label = _check_name(name, each, checks)
            checks[label] = replace(each, name=label)
    elif words.startswith("drop constraint"):
        for each in operation.constraints:
            checks.pop(each.name, None)
    elif words.startswith("validate"):
        for each in operation.constraints:
            if each.name in checks:
                checks[each.name] = replace(checks[each.name], valid=True)
    elif words.startswith(("set not null", "drop not null")):
        state = replace(state, nullable=words.startswith("drop"))
    elif words.startswith(("set default", "drop default")):
        given = operation.columns[0].default if operation.columns else operation.text
        state = replace(state, default=given if words.startswith("set") else None)
    _put(draft, replace(state, checks=checks))


def extension(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE and DROP EXTENSION, with the types that it brings."""
    name = operation.name
    if operation.kind is Kind.CREATE_EXTENSION:
        draft.extensions = draft.extensions.put(name, revision)
        for each in TYPES.get(name, ()):
            _put(draft, TypeState(Relation("", each), TypeKind.OTHER, revision, extension=name))
    else:
        draft.extensions = draft.extensions.without(name)
        for each in TYPES.get(name, ()):
            forget_type(draft, Relation("", each), cascade=operation.cascade)
    draft.changed = True

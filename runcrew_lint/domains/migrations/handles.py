"""What the live objects that a revision is handed are asked for: connections, sessions, contexts, batches."""

from __future__ import annotations

import ast

from runcrew_lint.domains.migrations.core_statements import ROWS
from runcrew_lint.domains.migrations.facts import Form, Kind, Transaction
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operating import operate, run
from runcrew_lint.domains.migrations.outside import called
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import picked
from runcrew_lint.domains.migrations.sending import LIVE_SCHEMA, execute
from runcrew_lint.domains.migrations.tables import table_named
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Handle,
    Member,
    Origin,
    Role,
    Template,
    Unknown,
    Value,
)

_EXECUTE = frozenset(
    {"execute", "exec_driver_sql", "scalar", "scalars", "exec", "stream", "executemany", "copy_expert"}
)
# What Flask-SQLAlchemy's object is asked for: another connection than Alembic's, to the same database.
APPLICATIONS = {"session": Role.SESSION, "engine": Role.ENGINE}
ELSEWHERE = "elsewhere"  # what an engine that the revision makes itself, and its connections, lead to
# What SQLAlchemy's dialect of PostgreSQL says of itself.
_SUPPORTS = frozenset(
    f"supports_{what}"
    for what in ("alter", "comments", "native_boolean", "native_enum", "native_uuid", "sequences")
)


def attribute(of: Handle, name: str) -> Value:
    """An attribute of a live object that is known by itself; None for the others."""
    if name == "name" and of.role in (Role.DIALECT, Role.ENGINE):
        return "postgresql"
    if name == "dialect":
        return Handle(Role.DIALECT)
    if name == "engine":
        return Handle(Role.ENGINE)
    if name in _SUPPORTS and of.role is Role.DIALECT:
        return True
    if name == "url" and of.role is Role.ENGINE:
        return Template(f"postgresql{HOLE}", Unknown("the database's address is not known"))
    if name in ("bind", "connection") and of.role in (Role.CONTEXT, Role.BIND):
        return _connection(of)  # of a connection the driver's own
    return False if name == "as_sql" else None


def of_application(path: str) -> Handle | Member | None:
    """What `db.session` and `db.engine` of an application's own module lead to, by their dotted name."""
    steps = path.split(".")
    if len(steps) > 2 and steps[-2] == "db" and steps[-1] in APPLICATIONS:
        return Handle(APPLICATIONS[steps[-1]])
    if len(steps) > 3 and steps[-3] == "db" and steps[-2] in APPLICATIONS:
        return Member(Handle(APPLICATIONS[steps[-2]]), steps[-1])
    return None


def on_handle(
    record: Record,
    machine: Machine,
    handle: Handle,
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    """A method of a live object."""
    if handle.role is Role.BATCH:
        return _on_batch(record, machine, handle, name, args, kwargs, node)
    if name in _EXECUTE:
        first = args[0] if args else kwargs.get("statement", kwargs.get("object_"))
        if handle.made == ELSEWHERE:
            return _elsewhere(record, machine, first, node)
        return execute(record, machine, first, node, handle)
    if name == "type_descriptor" and handle.role is Role.DIALECT and args:
        return args[0]
    if name == "autocommit_block":
        return Handle(Role.AUTOCOMMIT)
    if name == "execution_options":
        isolation = kwargs.get("isolation_level")
        if isinstance(isolation, str) and isolation.upper() == "AUTOCOMMIT":
            return Handle(Role.BIND, Transaction.AUTOCOMMIT)
        return handle
    if name == "commit" and handle.role is Role.BIND:
        if handle.made != ELSEWHERE:
            record.record(machine, (Kind.COMMIT, {}), node, Form.CALL)
        return None
    if name in ("connection", "connect", "get_bind", "cursor", "raw_connection"):
        return _connection(handle)
    if name == "begin_nested":
        return Handle(Role.SCOPE)  # a savepoint, whose commit() ends nothing else
    if name in ("begin", "begin_transaction", "no_autoflush"):
        return _connection(handle) if handle.role is Role.ENGINE else handle
    if name == "run_sync":
        return run(record, machine, "run_sync", args, kwargs, node)
    if name in ("has_table", "get_table_names"):
        return LIVE_SCHEMA
    if handle.role is Role.SESSION:
        if name == "query":
            return Built(".query", args, kwargs, node, handle)
        if name in _WRITES:
            _written(record, machine, _WRITES[name], args, node)
            return None
    return Unknown(f"it comes from {handle.role.value}.{name}", Origin.DATA)


def _connection(of: Handle) -> Handle:
    """A connection of an engine, a session, or another connection."""
    return Handle(Role.BIND, of.made if of.made == ELSEWHERE else None)


def _elsewhere(record: Record, machine: Machine, first: Value, node: ast.Call) -> Value:
    """A statement on a connection of the revision's own: one on rows changes no schema, wherever it goes."""
    before = len(record.operations)
    found = execute(record, machine, first, node, None)
    made = record.operations[before:]
    del record.operations[before:]
    if not all(each.kind.is_data for each in made):
        why = "it is a connection of its own, which may lead to another database"
        record.missed(node, f"what {called(node)} changes", why)
    return found


_WRITES = {
    "add": Kind.INSERT,
    "add_all": Kind.INSERT,
    "merge": Kind.INSERT,
    "bulk_save_objects": Kind.INSERT,
    "bulk_insert_mappings": Kind.INSERT,
    "bulk_update_mappings": Kind.UPDATE,
    "delete": Kind.DELETE,
}


def _written(record: Record, machine: Machine, kind: Kind, args: list[Value], node: ast.Call) -> None:
    """What a session writes when it is flushed: rows of the first object's table."""
    first = args[0] if args else None
    if isinstance(first, (list, tuple)):
        first = first[0] if first else None
    record.record(machine, (kind, {"table": table_named(first)}), node, Form.CALL)


def on_query(record: Record, machine: Machine, of: Value, name: str, node: ast.Call) -> None:
    """`session.query(Model)...update(...)` and delete()."""
    narrowed = False
    while isinstance(of, Built) and of.receiver is not None:
        narrowed = narrowed or of.name in ("filter", "filter_by", "where")
        if of.name == "query" and isinstance(of.receiver, Handle):
            kind = Kind.UPDATE if name == "update" else Kind.DELETE
            table = table_named(of.args[0] if of.args else None)
            record.record(machine, (kind, {"table": table, "whole": not narrowed}), node, Form.CALL)
            return
        of = of.receiver


def _on_batch(
    record: Record,
    machine: Machine,
    handle: Handle,
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    if name == "f":
        return picked(args[0]) if args else ROWS
    if name == "execute":
        return execute(record, machine, args[0] if args else None, node, None)
    if name == "get_bind":
        return Handle(Role.BIND)
    if handle.made is None:
        record.missed(node, f"the table of {name}", "the batch's own is not known")
        return None
    return operate(record, machine, name, args, kwargs, node, handle.made)

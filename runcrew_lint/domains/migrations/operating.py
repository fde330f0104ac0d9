"""Alembic's operations and a project's own, as a revision calls them."""

from __future__ import annotations

import ast
import re

from runcrew_lint.domains.migrations.calls import call
from runcrew_lint.domains.migrations.facts import Form, Kind, Relation
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.module import is_far
from runcrew_lint.domains.migrations.operations import OPERATIONS, arguments, is_refused
from runcrew_lint.domains.migrations.plugins import PLUGINS
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import text_of
from runcrew_lint.domains.migrations.sending import execute
from runcrew_lint.domains.migrations.values import (
    Bound,
    Built,
    Function,
    Handle,
    Instance,
    LocalClass,
    Role,
    Symbol,
    Unclear,
    Value,
    symbol,
    unknown_of,
)
from runcrew_lint.nearest import nearest


def operate(
    record: Record,
    machine: Machine,
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
    batch: Relation | None = None,
) -> Value:
    """`op.<name>(...)`, or the same on a batch's table."""
    if not is_far(node):
        record.here = node
    signature = OPERATIONS.get(name)
    if signature is None and name not in record.operators:
        signature = PLUGINS.get(name)
    if signature is None or (batch is not None and signature.batch_names is None):
        return _own(record, machine, name, args, kwargs, node)
    if is_refused(signature, args, kwargs, name, in_batch=batch is not None):
        record.missed(node, f"the call of {name}", "Alembic takes no such arguments")
        return None
    made = arguments(signature, args, kwargs, record.place, batch)
    try:
        for change in signature.read(made):
            record.record(machine, change, node, Form.CALL if batch is None else Form.BATCH)
    except Unclear as unclear:
        record.missed(node, f"{unclear.what} of {name}", unclear.why)
    if name == "create_table":
        return Built("sqlalchemy.Table", args, kwargs, node)
    return None


def batch(
    record: Record, machine: Machine, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    """`op.batch_alter_table(table)`."""
    name = args[0] if args else kwargs.get("table_name")
    schema = args[1] if len(args) > 1 else kwargs.get("schema")
    try:
        table = Relation(
            "" if schema is None else str(schema) if isinstance(schema, str) else "?",
            text_of(name, "the table of the batch"),
        )
    except Unclear as unclear:
        record.missed(node, unclear.what, unclear.why)
        return Handle(Role.BATCH, None)
    if kwargs.get("recreate") == "always":
        record.record(machine, (Kind.RECREATE_TABLE, {"table": table}), node, Form.BATCH)
    return Handle(Role.BATCH, table)


# -- operations of the project's own -------------------------------------------------------------------

_ALIKE = 0.85  # a slip of the keys, no name of somebody's own
_REGISTER = "Operations.register_operation"
_IMPLEMENT = "Operations.implementation_for"


def register(record: Record, kind: Symbol, args: list[Value], what: Value) -> None:
    """Keep what Alembic's "Operation Plugins" declare: an operation's class, and what it does."""
    first = args[0] if args else None
    if kind.path.endswith(_REGISTER) and isinstance(what, LocalClass) and isinstance(first, str):
        method = args[1] if len(args) > 1 and isinstance(args[1], str) else first
        record.operators[str(first)] = (what, str(method))
    elif kind.path.endswith(_IMPLEMENT) and isinstance(what, Function) and isinstance(first, LocalClass):
        record.implementers[first] = what


def _own(
    record: Record, machine: Machine, name: str, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    if name not in record.operators:
        _load(record, machine)
    if name in record.operators:
        of, method = record.operators[name]
        start = of.find(method)
        if isinstance(start, Function):
            return machine.follow(start, [of, symbol("alembic.op"), *args], kwargs)
    meant = nearest(name, OPERATIONS, _ALIKE)
    more = f", and op.{meant} is" if meant else ""
    record.missed(node, f"what op.{name} does", f"it is none of Alembic's own operations{more}")
    return Built(f"alembic.op.{name}", args, kwargs, node)


def _load(record: Record, machine: Machine) -> None:
    """Read the registrations in env.py and in the modules of the repository that it imports."""
    if record.loaded:
        return
    record.loaded = True
    home = machine.globals.home
    for up in (home, home.rpartition("/")[0], home.rpartition("/")[0].rpartition("/")[0]):
        environment = record.modules.module(f"{up}/env".lstrip("/"))
        if environment is not None:
            for module in record.modules.imported(environment):
                frame = record.modules.frame(machine, module)
                for name in module.registering:
                    _ = name in frame.names  # walks the statement, which registers itself
            return


def invoke(record: Record, machine: Machine, operation: Value, node: ast.Call) -> Value:
    """`op.invoke(operation)`: one of Alembic's operation objects, or of a project's own."""
    if isinstance(operation, Instance):
        for of, function in record.implementers.items():
            if _is_a(operation.of, of):
                return machine.follow(function, [symbol("alembic.op"), operation], {})
    if isinstance(operation, Built) and operation.name.endswith("Op") and operation.receiver is None:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation.name.removesuffix("Op")).lower()
        kwargs = {key.removeprefix("modify_"): value for key, value in operation.kwargs.items()}
        args = list(operation.args)
        if name == "execute_s_q_l":
            return execute(record, machine, args[0] if args else kwargs.get("sqltext"), node, None)
        if "type" in kwargs and name == "alter_column":
            kwargs["type_"] = kwargs.pop("type")
        if "name" in kwargs and name == "alter_column":
            kwargs["new_column_name"] = kwargs.pop("name")
        if name == "create_table" and len(args) == 2 and isinstance(args[1], (list, tuple)):
            args = [args[0], *args[1]]
        if name in OPERATIONS:
            return operate(record, machine, name, args, kwargs, node)
    unknown = unknown_of(operation)
    record.missed(node, "what op.invoke does", unknown.why if unknown else "its operation is not known")
    return None


def _is_a(one: LocalClass, other: LocalClass) -> bool:
    return one is other or any(_is_a(base, other) for base in one.bases if isinstance(base, LocalClass))


def run(
    record: Record, machine: Machine, what: str, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    """A function that is handed over to be called with a connection: `run_async`, `run_sync`."""
    if args and isinstance(args[0], (Function, Bound)):
        return call(machine, args[0], [Handle(Role.BIND), *args[1:]], kwargs, node)
    record.missed(node, f"what {what} runs", "the function is not in this repository")
    return None

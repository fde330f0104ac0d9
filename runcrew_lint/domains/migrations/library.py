"""What Alembic's and SQLAlchemy's names mean to a revision: the library that the machine calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache

from runcrew_lint.domains.migrations.columns import is_call, text_of
from runcrew_lint.domains.migrations.facts import (
    Form,
    Kind,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operations import (
    OPERATIONS,
    arguments,
)
from runcrew_lint.domains.migrations.outside import called, is_handled, is_harmless, is_library
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.sending import LIVE_SCHEMA, ROWS, create, execute
from runcrew_lint.domains.migrations.types import is_enum
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Function,
    Handle,
    LocalClass,
    Member,
    Origin,
    Role,
    Symbol,
    Template,
    Unclear,
    Unknown,
    Value,
    describe,
    root_of,
)

_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session", "sqlmodel.Session")
_INSPECTORS = ("sqlalchemy.inspect", "sqlalchemy.inspection.inspect")
_EXECUTE = frozenset({"execute", "exec_driver_sql", "scalar", "scalars", "exec", "stream"})


class Revision(Record):
    """A revision, as the library that its own code calls."""

    # -- the machine's library ---------------------------------------------------------------------------

    def call(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """What calling something from outside the file gives."""
        if type(callee) is Symbol:
            return _meaning(callee.path)(self, machine, callee, args, kwargs, node)
        if isinstance(callee, Member) and isinstance(callee.of, Handle):
            return self._on_handle(machine, callee.of, callee.name, args, kwargs, node)
        if isinstance(callee, Member):
            return self._method(machine, callee, args, kwargs, node)
        if isinstance(callee, LocalClass):
            if is_handled(args, kwargs):
                self._foreign(machine, callee, args, kwargs, node)
            return Built(callee.name, args, kwargs, node, callee)
        if is_call(callee, "sessionmaker", "scoped_session"):
            return Handle(Role.SESSION)
        self._foreign(machine, callee, args, kwargs, node)
        return callee if isinstance(callee, Unknown) else Unknown(f"{describe(callee)} is not followed")

    def attribute(self, of: Value, name: str) -> Value:
        """An attribute of Alembic's and SQLAlchemy's objects."""
        if isinstance(of, Handle):
            if name == "name" and of.role in (Role.DIALECT, Role.ENGINE):
                return "postgresql"
            if name == "dialect":
                return Handle(Role.DIALECT)
            if name == "engine":
                return Handle(Role.ENGINE)
            if name == "url" and of.role is Role.ENGINE:
                return Template(f"postgresql{HOLE}", Unknown("the database's address is not known"))
            if name in ("bind", "connection") and of.role is Role.CONTEXT:
                return Handle(Role.BIND)
            if name == "as_sql":
                return False
        if isinstance(of, Member) and isinstance(of.of, LocalClass) and name in ("value", "name"):
            return of.name if name == "name" else of.of.members.get(of.name, ROWS)
        if isinstance(of, Built) and isinstance(of.receiver, LocalClass) and name in of.receiver.members:
            return of.receiver.members[name]
        return Member(of, name)

    def enter(self, value: Value, name: str) -> tuple[Value, AbstractContextManager[None]]:
        """What a with statement binds."""
        del name
        if isinstance(value, Handle) and value.role is Role.AUTOCOMMIT:
            return None, self._autocommit()
        return value, nullcontext()

    @contextmanager
    def _autocommit(self) -> Iterator[None]:
        before, self.transaction = self.transaction, Transaction.AUTOCOMMIT
        yield
        self.transaction = before

    # -- calls -------------------------------------------------------------------------------------------

    def stranger(
        self, machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """A call of something that nobody here knows."""
        self._foreign(machine, callee, args, kwargs, node)
        return Built(callee.path, args, kwargs, node)

    def operation(
        self, machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """A call of one of Alembic's operations."""
        return self._operate(machine, callee.name, args, kwargs, node, None)

    def run_async(
        self, machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """`op.run_async(function, ...)`: the function is called with a connection."""
        del callee
        if args and isinstance(args[0], Function):
            return machine.follow(args[0], [Handle(Role.BIND), *args[1:]], kwargs)
        self.missed(node, "what op.run_async runs", "the function is not in this file")
        return ROWS

    def batch(
        self, machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """`op.batch_alter_table(table)`."""
        del callee
        name = args[0] if args else kwargs.get("table_name")
        schema = args[1] if len(args) > 1 else kwargs.get("schema")
        try:
            table = Relation(
                "" if schema is None else str(schema) if isinstance(schema, str) else "?",
                text_of(name, "the table of the batch"),
            )
        except Unclear as unclear:
            self.missed(node, unclear.what, unclear.why)
            return Handle(Role.BATCH, None)
        if kwargs.get("recreate") == "always":
            self.record(machine, (Kind.RECREATE_TABLE, {"table": table}), node, Form.BATCH)
        return Handle(Role.BATCH, table)

    def _operate(
        self,
        machine: Machine,
        name: str,
        args: list[Value],
        kwargs: dict[str, Value],
        node: ast.Call,
        batch: Relation | None,
    ) -> Value:
        signature = OPERATIONS.get(name)
        if signature is None or (batch is not None and signature.batch_names is None):
            self.missed(node, f"what op.{name} does", "it is none of Alembic's own operations")
            return Built(f"alembic.op.{name}", args, kwargs, node)
        call = arguments(signature, args, kwargs, self.place, batch)
        try:
            for change in signature.read(call):
                self.record(machine, change, node, Form.CALL if batch is None else Form.BATCH)
        except Unclear as unclear:
            self.missed(node, f"{unclear.what} of {name}", unclear.why)
        if name == "create_table":
            return Built("sqlalchemy.Table", args, kwargs, node)
        return None

    # -- live objects ------------------------------------------------------------------------------------

    def _on_handle(
        self,
        machine: Machine,
        handle: Handle,
        name: str,
        args: list[Value],
        kwargs: dict[str, Value],
        node: ast.Call,
    ) -> Value:
        if handle.role is Role.BATCH:
            return self._on_batch(machine, handle, name, args, kwargs, node)
        if name in _EXECUTE:
            first = args[0] if args else kwargs.get("statement", kwargs.get("object_"))
            return execute(self, machine, first, node, handle)
        if name == "autocommit_block":
            return Handle(Role.AUTOCOMMIT)
        if name == "execution_options":
            isolation = kwargs.get("isolation_level")
            if isinstance(isolation, str) and isolation.upper() == "AUTOCOMMIT":
                return Handle(Role.BIND, Transaction.AUTOCOMMIT)
            return handle
        if name == "commit" and handle.role is Role.BIND:
            self.record(machine, (Kind.COMMIT, {}), node, Form.CALL)
            return None
        if name in ("connection", "connect", "get_bind", "get_bind"):
            return Handle(Role.BIND)
        if name in ("begin", "begin_nested", "begin_transaction", "no_autoflush"):
            return handle
        if name == "run_sync" and args and isinstance(args[0], Function):
            return machine.follow(args[0], [Handle(Role.BIND), *args[1:]], kwargs)
        if name in ("has_table", "get_table_names"):
            return LIVE_SCHEMA
        return Unknown(f"it comes from {handle.role.value}.{name}", Origin.DATA)

    def _on_batch(
        self,
        machine: Machine,
        handle: Handle,
        name: str,
        args: list[Value],
        kwargs: dict[str, Value],
        node: ast.Call,
    ) -> Value:
        if name == "f":
            return args[0] if args else ROWS
        if name == "execute":
            return execute(self, machine, args[0] if args else None, node, None)
        if name == "get_bind":
            return Handle(Role.BIND)
        if handle.made is None:
            self.missed(node, f"the table of {name}", "the batch's own is not known")
            return None
        return self._operate(machine, name, args, kwargs, node, handle.made)

    def _method(
        self, machine: Machine, member: Member, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        of, name = member.of, member.name
        handled = is_handled(args, kwargs)
        creates = name in ("create", "drop") and isinstance(of, Built) and (handled or is_enum(of))
        if creates and create(self, machine, of, name, kwargs, node):
            return None
        if name in ("create", "drop", "create_all", "drop_all") and handled:
            self.missed(node, f"what {describe(of)}.{name} changes", "it is defined by more than this call")
            return None
        if (handled and not is_library(of)) or (machine.statement is node and not is_harmless(of)):
            self._foreign(machine, member, args, kwargs, node)
        return Built(f".{name}", args, kwargs, node, of)

    # -- SQL ---------------------------------------------------------------------------------------------

    def _foreign(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> None:
        """A call of something that this file does not hold, which may change the schema behind our back."""
        handled = is_handled(args, kwargs)
        if not handled and (machine.statement is not node or is_harmless(callee)):
            return
        root = root_of(callee)
        if isinstance(root, Unknown):
            why, once = root.why, root.why
        else:
            why, once = "it is defined outside this file", describe(callee)
        self.missed(node, f"what {called(node)} does", why, once=(once,))


Meaning = Callable[[Revision, Machine, Symbol, list[Value], dict[str, Value], ast.Call], Value]


@lru_cache(maxsize=4096)
def _meaning(path: str) -> Meaning:
    """What a call of a dotted name means; the same few names are called again and again."""
    module, _, name = path.rpartition(".")
    if path in _NAMED:
        return _NAMED[path]
    if path.startswith("alembic."):
        if name in _ALEMBIC:
            return _ALEMBIC[name]
        if module == "alembic.op":
            return _OP.get(name, Revision.operation)
        return _given if path.startswith("alembic.context.") else Revision.stranger
    if path.startswith(("sqlalchemy.", "sqlmodel.")):
        return _live_schema if ".Inspector" in path else _built
    return Revision.stranger


def _built(
    revision: Revision,
    machine: Machine,
    callee: Symbol,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    del revision, machine
    return Built(callee.path, args, kwargs, node, None, callee.name)


def _given(
    revision: Revision,
    machine: Machine,
    callee: Symbol,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    del revision, machine, args, kwargs, node
    return Unknown(f"context.{callee.name}() is given from outside")


def _execute(
    revision: Revision,
    machine: Machine,
    callee: Symbol,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    del callee
    return execute(revision, machine, args[0] if args else kwargs.get("sqltext"), node, None)


def _inline_literal(
    revision: Revision,
    machine: Machine,
    callee: Symbol,
    args: list[Value],
    kwargs: dict[str, Value],
    node: ast.Call,
) -> Value:
    if args and isinstance(args[0], str):
        return args[0]
    return _built(revision, machine, callee, args, kwargs, node)


def _always(value: Value) -> Meaning:
    """It gives the same whatever it is called with."""

    def meaning(
        revision: Revision,
        machine: Machine,
        callee: Symbol,
        args: list[Value],
        kwargs: dict[str, Value],
        node: ast.Call,
    ) -> Value:
        del revision, machine, callee, args, kwargs, node
        return value

    return meaning


def _argument(at: int, count: int | None = None) -> Meaning:
    """It gives back one of its arguments, where it is given `count` of them (or any)."""

    def meaning(
        revision: Revision,
        machine: Machine,
        callee: Symbol,
        args: list[Value],
        kwargs: dict[str, Value],
        node: ast.Call,
    ) -> Value:
        if len(args) <= at or (count is not None and len(args) != count):
            return revision.stranger(machine, callee, args, kwargs, node)
        return args[at]

    return meaning


_live_schema = _always(LIVE_SCHEMA)
_session = _always(Handle(Role.SESSION))
# Whatever module of Alembic's it is reached through.
_ALEMBIC: dict[str, Meaning] = {
    "is_offline_mode": _always(False),
    "get_bind": _always(Handle(Role.BIND)),
    "get_context": _always(Handle(Role.CONTEXT)),
}
_OP: dict[str, Meaning] = {
    "f": _argument(0),
    "inline_literal": _inline_literal,
    "batch_alter_table": Revision.batch,
    "execute": _execute,
    "run_async": Revision.run_async,
}
_NAMED: dict[str, Meaning] = {
    **dict.fromkeys(_SESSIONS, _session),
    **dict.fromkeys(_INSPECTORS, _live_schema),
    "contextlib.nullcontext": _argument(0),
    "typing.cast": _argument(1, 2),
    "typing_extensions.cast": _argument(1, 2),
    "textwrap.dedent": _argument(0, 1),  # SQL does not care about its indentation
    "inspect.cleandoc": _argument(0, 1),
}

"""What Alembic's and SQLAlchemy's names mean to a revision: the library that the machine calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

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
        if isinstance(callee, Symbol):
            return self._symbol(machine, callee.path, args, kwargs, node)
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

    def _symbol(
        self, machine: Machine, path: str, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        if path.startswith("alembic."):
            return self._alembic(machine, path, args, kwargs, node)
        if path.startswith(("sqlalchemy.", "sqlmodel.")):
            if path in _SESSIONS:
                return Handle(Role.SESSION)
            if path in _INSPECTORS or ".Inspector" in path:
                return LIVE_SCHEMA
            return Built(path, args, kwargs, node)
        if path == "contextlib.nullcontext" and args:
            return args[0]
        if path.startswith(("typing.cast", "typing_extensions.cast")) and len(args) == 2:
            return args[1]
        if path in ("textwrap.dedent", "inspect.cleandoc") and len(args) == 1:
            return args[0]  # SQL does not care about its indentation
        self._foreign(machine, Symbol(path), args, kwargs, node)
        return Built(path, args, kwargs, node)

    def _alembic(
        self, machine: Machine, path: str, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        module, _, name = path.rpartition(".")
        if name == "is_offline_mode":
            return False
        if name == "get_bind":
            return Handle(Role.BIND)
        if name == "get_context":
            return Handle(Role.CONTEXT)
        if module != "alembic.op":
            if path.startswith("alembic.context."):
                return Unknown(f"context.{name}() is given from outside")
            self._foreign(machine, Symbol(path), args, kwargs, node)
            return Built(path, args, kwargs, node)
        if name == "f":
            return args[0] if args else ROWS
        if name == "inline_literal":
            return args[0] if args and isinstance(args[0], str) else Built(path, args, kwargs, node)
        if name == "batch_alter_table":
            return self._batch(args, kwargs, node, machine)
        if name == "execute":
            return execute(self, machine, args[0] if args else kwargs.get("sqltext"), node, None)
        if name == "run_async":
            return self._run_async(machine, args, kwargs, node)
        return self._operate(machine, name, args, kwargs, node, None)

    def _run_async(
        self, machine: Machine, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        if args and isinstance(args[0], Function):
            return machine.follow(args[0], [Handle(Role.BIND), *args[1:]], kwargs)
        self.missed(node, "what op.run_async runs", "the function is not in this file")
        return ROWS

    def _batch(self, args: list[Value], kwargs: dict[str, Value], node: ast.Call, machine: Machine) -> Value:
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

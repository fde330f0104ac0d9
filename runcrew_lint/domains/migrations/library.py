"""What Alembic's and SQLAlchemy's names mean to a revision: the library that the machine calls."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from runcrew_lint.documents import python
from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.migrations.columns import is_call, is_method, text_of, text_or_empty
from runcrew_lint.domains.migrations.facts import (
    Direction,
    Form,
    Kind,
    Operation,
    Relation,
    Transaction,
    Unresolved,
)
from runcrew_lint.domains.migrations.machine import Condition, Machine
from runcrew_lint.domains.migrations.operations import (
    OPERATIONS,
    Change,
    arguments,
    table_changes,
    table_named,
)
from runcrew_lint.domains.migrations.types import is_enum
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Function,
    Handle,
    Literal,
    LocalClass,
    Member,
    OneOf,
    Origin,
    Role,
    Symbol,
    Template,
    Unclear,
    Unknown,
    Value,
    describe,
    root_of,
    unknown_of,
)
from runcrew_lint.text import Source, Span

_ROWS = Unknown("it comes from the rows of a query", Origin.DATA)
_LIVE_SCHEMA = Unknown("it asks the live schema", Origin.SCHEMA)
_CATALOGUE = re.compile(
    r"information_schema|\bto_regclass\b"
    r"|\bpg_(?:catalog|class|index|constraint|type|enum|attribute|tables|views|proc|namespace|extension)"
)
_CONNECTION = frozenset({Role.BIND, Role.SESSION, Role.CONTEXT, Role.BATCH, Role.ENGINE})
_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session", "sqlmodel.Session")
_INSPECTORS = ("sqlalchemy.inspect", "sqlalchemy.inspection.inspect")
_EXECUTE = frozenset({"execute", "exec_driver_sql", "scalar", "scalars", "exec", "stream"})


class Revision:
    """What one of a revision's functions has done so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.direction: Direction | None = None  # None while the module's own statements run
        self.operations: list[Operation] = []
        self.unresolved: list[Unresolved] = []
        self.transaction = Transaction.MIGRATION
        self._told: set[object] = set()

    def begin(self, direction: Direction) -> None:
        """From here on it is this function's doing."""
        self.direction, self.operations, self.transaction = direction, [], Transaction.MIGRATION
        self._told.clear()

    def place(self, node: ast.AST | None) -> Span:
        """Where a node stands."""
        return python.span(self.source, node) if node is not None else Span(0, 0)

    def missed(self, node: ast.AST | None, what: str, why: str, *, once: object = None) -> None:
        """Write down something that can't be known; `once` is told no second time."""
        span = self.place(node)
        self._missed(span, what, why, once)

    def _missed(self, span: Span, what: str, why: str, once: object = None) -> None:
        key = once if once is not None else (span, what)
        if self.direction is not None and key not in self._told:
            self._told.add(key)
            self.unresolved.append(Unresolved(self.direction, span, what, why))

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
            if _is_handled(args, kwargs):
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
            return of.name if name == "name" else of.of.members.get(of.name, _ROWS)
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
                return _LIVE_SCHEMA
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
            return args[0] if args else _ROWS
        if name == "inline_literal":
            return args[0] if args and isinstance(args[0], str) else Built(path, args, kwargs, node)
        if name == "batch_alter_table":
            return self._batch(args, kwargs, node, machine)
        if name == "execute":
            return self._execute(machine, args[0] if args else kwargs.get("sqltext"), node, None)
        if name == "run_async":
            return self._run_async(machine, args, kwargs, node)
        return self._operate(machine, name, args, kwargs, node, None)

    def _run_async(
        self, machine: Machine, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        if args and isinstance(args[0], Function):
            return machine.follow(args[0], [Handle(Role.BIND), *args[1:]], kwargs)
        self.missed(node, "what op.run_async runs", "the function is not in this file")
        return _ROWS

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
            self._record(machine, (Kind.RECREATE_TABLE, {"table": table}), node, Form.BATCH)
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
                self._record(machine, change, node, Form.CALL if batch is None else Form.BATCH)
        except Unclear as unclear:
            self.missed(node, f"{unclear.what} of {name}", unclear.why)
        if name == "create_table":
            return Built("sqlalchemy.Table", args, kwargs, node)
        return None

    def _record(self, machine: Machine, change: Change, node: ast.AST, form: Form) -> None:
        if self.direction is None:
            return
        kind, fields = change
        span = self.place(node)
        state = self._state(machine, kind, ())
        self._add(Operation(kind, span, **{"call": span, "form": form, **state, **fields}))

    def _state(self, machine: Machine, kind: Kind, conditions: tuple[str, ...]) -> dict[str, Any]:
        """Under which circumstances something happens here."""
        texts = list(conditions)
        counts = not kind.is_data and kind is not Kind.OTHER
        for condition, _ in machine.standing:
            text = self._text(condition)
            if text not in texts:
                texts.append(text)
            if counts and condition.origin is not Origin.SCHEMA:
                self.missed(condition.node, "whether this runs", condition.why, once=condition.node)
        return {
            "transaction": self.transaction,
            "conditions": tuple(texts),
            "repeats": machine.turns > 0,
            "helper": machine.depth > 1,
        }

    def _add(self, made: Operation) -> None:
        self.operations.append(made)
        if made.kind in (Kind.COMMIT, Kind.ROLLBACK) and self.transaction is Transaction.MIGRATION:
            self.transaction = Transaction.ENDED
        elif made.kind is Kind.BEGIN and self.transaction is Transaction.ENDED:
            self.transaction = Transaction.MIGRATION

    def _text(self, condition: Condition) -> str:
        if isinstance(condition.node, ast.ExceptHandler):
            return "except"
        span = self.place(condition.node)
        return " ".join(self.source.text[span.start : span.end].split())[:80]

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
            return self._execute(machine, first, node, handle)
        if name == "autocommit_block":
            return Handle(Role.AUTOCOMMIT)
        if name == "execution_options":
            isolation = kwargs.get("isolation_level")
            if isinstance(isolation, str) and isolation.upper() == "AUTOCOMMIT":
                return Handle(Role.BIND, Transaction.AUTOCOMMIT)
            return handle
        if name == "commit" and handle.role is Role.BIND:
            self._record(machine, (Kind.COMMIT, {}), node, Form.CALL)
            return None
        if name in ("connection", "connect", "get_bind", "get_bind"):
            return Handle(Role.BIND)
        if name in ("begin", "begin_nested", "begin_transaction", "no_autoflush"):
            return handle
        if name == "run_sync" and args and isinstance(args[0], Function):
            return machine.follow(args[0], [Handle(Role.BIND), *args[1:]], kwargs)
        if name in ("has_table", "get_table_names"):
            return _LIVE_SCHEMA
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
            return args[0] if args else _ROWS
        if name == "execute":
            return self._execute(machine, args[0] if args else None, node, None)
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
        handled = _is_handled(args, kwargs)
        creates = name in ("create", "drop") and isinstance(of, Built) and (handled or is_enum(of))
        if creates and self._create(machine, of, name, kwargs, node):
            return None
        if name in ("create", "drop", "create_all", "drop_all") and handled:
            self.missed(node, f"what {describe(of)}.{name} changes", "it is defined by more than this call")
            return None
        if (handled and not _is_library(of)) or (machine.statement is node and not _is_harmless(of)):
            self._foreign(machine, member, args, kwargs, node)
        return Built(f".{name}", args, kwargs, node, of)

    def _create(
        self,
        machine: Machine,
        of: Built,
        name: str,
        kwargs: dict[str, Value],
        node: ast.Call,
    ) -> bool:
        """`sa.Enum(...).create(bind)` and its kin: types, tables and sequences that make themselves."""
        if is_enum(of):
            kind = Kind.CREATE_TYPE if name == "create" else Kind.DROP_TYPE
            label = text_or_empty(of.kwargs.get("name"))
            fields = {"name": label, "if_exists": kwargs.get("checkfirst") is True}
            self._record(machine, (kind, fields), node, Form.CALL)
            return True
        if is_call(of, "Table") and of.args and isinstance(of.args[0], str):
            table = table_named(of)
            if name == "drop":
                self._record(machine, (Kind.DROP_TABLE, {"table": table}), node, Form.CALL)
                return True
            signature = OPERATIONS["create_table"]
            call = arguments(signature, [of.args[0]], dict(of.kwargs), self.place, None)
            for change in table_changes(table, tuple(of.args[2:]), call):
                self._record(machine, change, node, Form.CALL)
            return True
        if is_call(of, "Sequence"):
            self._record(machine, (Kind.OTHER, {"name": f"{name} sequence"}), node, Form.CALL)
            return True
        return False

    # -- SQL ---------------------------------------------------------------------------------------------

    def _execute(self, machine: Machine, value: Value, node: ast.Call, by: Handle | None) -> Value:
        """Run a statement; `by` is the connection or session, None for Alembic's own."""
        while is_method(value, "bindparams", "columns", "execution_options", "params"):
            value = value.receiver
        if (is_call(value, "text", "DDL", "TextClause") and value.args) or (
            isinstance(value, Built) and value.path == "textwrap.dedent" and value.args
        ):
            value = value.args[0]
        if isinstance(value, OneOf):
            for option in value.options:
                self._execute(machine, option, node, by)
            return _ROWS
        if isinstance(value, (str, Template)):
            return self._sql(machine, value, node, by)
        return self._core(machine, value, node)

    def _sql(self, machine: Machine, value: str | Template, node: ast.Call, by: Handle | None) -> Value:
        call = self.place(node)
        text = value.text if isinstance(value, Template) else str(value)
        start: int | None = None
        if isinstance(value, Literal):
            start = python.literal_start(self.source, value.node)
        if self.direction is None or not text.strip():
            return None
        for each in statements.read(text):
            span = call if start is None else Span(each.span.start + start, each.span.end + start)
            if isinstance(each, statements.Gap):
                why = each.why
                if isinstance(value, Template) and HOLE in text[each.span.start : each.span.end]:
                    why = f"{why}: {value.hole.why}"
                self._missed(span, each.what, why)
            else:
                state = self._state(machine, each.kind, each.conditions)
                if by is not None and isinstance(by.made, Transaction):
                    state["transaction"] = by.made
                self._add(replace(each, span=span, call=call, form=Form.SQL, **state))
        return _LIVE_SCHEMA if _CATALOGUE.search(text) else _ROWS

    def _core(self, machine: Machine, value: Value, node: ast.Call) -> Value:
        """SQLAlchemy's own statements: rows, or the definition elements that it can build."""
        root: Value = value
        kind = None
        table: Value = None
        while isinstance(root, (Built, Member)):
            if isinstance(root, Built):
                if root.name in _CORE:
                    kind = _CORE[root.name]
                    table = root.receiver if root.receiver is not None else next(iter(root.args), None)
                if root.receiver is None:
                    break
                root = root.receiver
            else:
                root = root.of
        if kind is not None:
            self._record(machine, (kind, {"table": table_named(table)}), node, Form.CALL)
            return _ROWS
        if isinstance(root, Built) and root.name in ("CreateSequence", "DropSequence", "CreateSchema"):
            self._record(machine, (Kind.OTHER, {"name": root.name}), node, Form.CALL)
            return None
        if isinstance(root, Built) and root.name in ("CreateTable", "DropTable") and root.args:
            self._create(machine, root.args[0], root.name[:-5].lower(), {}, node)
            return None
        if isinstance(root, Built) and root.name == "nextval":
            return _ROWS
        unknown = unknown_of(value)
        self.missed(
            node, f"the SQL of {_called(node)}", unknown.why if unknown else "it is no text that can be read"
        )
        return _ROWS

    def _foreign(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> None:
        """A call of something that this file does not hold, which may change the schema behind our back."""
        handled = _is_handled(args, kwargs)
        name = callee.path.rpartition(".")[2] if isinstance(callee, Symbol) else ""
        if not handled and (machine.statement is not node or _is_harmless(callee) or name in _LOGS):
            return
        root = root_of(callee)
        if isinstance(root, Unknown):
            why, once = root.why, root.why
        else:
            why, once = "it is defined outside this file", describe(callee)
        self.missed(node, f"what {_called(node)} does", why, once=(once,))


_CORE = {
    "update": Kind.UPDATE,
    "delete": Kind.DELETE,
    "insert": Kind.INSERT,
    "select": Kind.SELECT,
    "values": Kind.INSERT,
    "from_select": Kind.INSERT,
    "query": Kind.SELECT,
    "exists": Kind.SELECT,
    "union": Kind.SELECT,
    "union_all": Kind.SELECT,
    "count": Kind.SELECT,
}


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)[:60]


def _is_handled(args: list[Value], kwargs: dict[str, Value]) -> bool:
    """Whether a call is given something that reaches the database."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, Handle) and value.role in _CONNECTION:
            return True
        if isinstance(value, Symbol) and value.path == "alembic.op":
            return True
    return False


def _module(value: Value) -> str:
    root = root_of(value)
    if isinstance(root, (Symbol, Built)):
        return root.path.partition(".")[0]
    return ""


def _is_library(value: Value) -> bool:
    root = root_of(value)
    return isinstance(root, Handle) or _module(value) in ("sqlalchemy", "sqlmodel")


_QUIET = frozenset(
    ["sqlalchemy", "sqlmodel", "builtins", "structlog", "loguru", "click", "tqdm", "rich", "alembic"]
)


_LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})


def _is_harmless(value: Value) -> bool:
    """Whether calling it can't reach the database unless it is given a connection."""
    root = root_of(value)
    if isinstance(root, Unknown):
        return root.origin is not Origin.OUTSIDE
    if isinstance(root, (Handle, LocalClass, str, list, tuple, dict)):
        return True
    module = _module(root)
    return module in _QUIET or module in sys.stdlib_module_names

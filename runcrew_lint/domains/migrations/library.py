"""A revision as the library that its own code calls: its methods, attributes and what other modules hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from runcrew_lint.domains.migrations import files
from runcrew_lint.domains.migrations.calls import call
from runcrew_lint.domains.migrations.core_elements import create, create_all
from runcrew_lint.domains.migrations.core_statements import ROWS
from runcrew_lint.domains.migrations.facts import Transaction
from runcrew_lint.domains.migrations.formatting import substituted
from runcrew_lint.domains.migrations.frames import Exhausted
from runcrew_lint.domains.migrations.handles import (
    APPLICATIONS,
    attribute,
    of_application,
    on_handle,
    on_query,
)
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.meanings import Called, Caller, meaning_of
from runcrew_lint.domains.migrations.module import is_far
from runcrew_lint.domains.migrations.operating import register
from runcrew_lint.domains.migrations.outside import called, is_handled, is_harmless, is_library
from runcrew_lint.domains.migrations.own_types import declared
from runcrew_lint.domains.migrations.paths import FilePath, OpenFile
from runcrew_lint.domains.migrations.said import is_call
from runcrew_lint.domains.migrations.sending import LIVE_SCHEMA
from runcrew_lint.domains.migrations.types import is_enum
from runcrew_lint.domains.migrations.values import (
    Bound,
    Built,
    Function,
    Handle,
    Instance,
    LocalClass,
    Member,
    Role,
    Symbol,
    Unknown,
    Value,
    describe,
    root_of,
)

_REACHING = frozenset({"execute", "exec_driver_sql", "create_all", "drop_all"})
_BY_MODELS = frozenset({"create", "drop", "create_all", "drop_all"})  # of `Base.metadata`, of `Run.__table__`
_ABROAD = 5_000  # steps in other modules for one call: enough for a helper, too few for an application


class Revision(Caller):
    """A revision, as the library that its own code calls."""

    def call(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """What calling something from outside the file gives."""
        if type(callee) is Symbol:
            meaning = meaning_of(callee.path)
            if meaning is None:
                return Built(callee.path, args, kwargs, node, None, callee.name)
            return meaning(self, machine, Called(callee, args, kwargs, node))
        if isinstance(callee, Member) and isinstance(callee.of, (FilePath, OpenFile)):
            return files.method(self, machine, callee.of, callee.name, args, kwargs)
        if isinstance(callee, Member) and isinstance(callee.of, Handle):
            return on_handle(self, machine, callee.of, callee.name, args, kwargs, node)
        if isinstance(callee, Member):
            return self._method(machine, callee, args, kwargs, node)
        if isinstance(callee, LocalClass):
            if is_handled(args, kwargs):
                self._foreign(machine, callee, args, kwargs, node)
            return Instance(callee, {str(key): value for key, value in kwargs.items()}, args)
        if is_call(callee, "sessionmaker", "scoped_session"):
            return Handle(Role.SESSION)
        self._foreign(machine, callee, args, kwargs, node)
        return callee if isinstance(callee, Unknown) else Unknown(f"{describe(callee)} is not followed")

    def attribute(self, of: Value, name: str) -> Value:
        """An attribute of Alembic's and SQLAlchemy's objects."""
        if isinstance(of, Handle) and (known := attribute(of, name)) is not None:
            return known
        if name in APPLICATIONS and is_call(of, "SQLAlchemy"):
            return Handle(APPLICATIONS[name])
        if isinstance(of, Member) and isinstance(of.of, LocalClass) and name in ("value", "name"):
            if name == "name":
                return of.name
            held = of.of.find(of.name)
            return ROWS if held is None else held
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

    def declared(self, machine: Machine, made: LocalClass) -> LocalClass:
        """A class of the repository as it is declared."""
        return declared(machine, made)

    def registered(self, kind: Symbol, args: list[Value], what: Value) -> None:
        """A class or function is given to a decorator."""
        register(self, kind, args, what)

    # -- other modules of the repository -----------------------------------------------------------------

    def foreign(self, machine: Machine, symbol: Symbol) -> Value:
        """What a name of another module holds; what that module does while it is imported is not ours."""
        direction, self.direction = self.direction, None
        limit, machine.limit = machine.limit, min(machine.limit, machine.steps + _ABROAD)
        try:
            return self.modules.value(machine, symbol)
        except Exhausted:
            if machine.steps > limit:
                raise
            return symbol
        finally:
            self.direction, machine.limit = direction, limit

    def stranger(self, machine: Machine, made: Called) -> Value:
        """A call of something that Alembic and SQLAlchemy do not bring: followed if the repository has it."""
        callee, args, kwargs, node = made
        found = self.foreign(machine, callee) if callee.foreign else callee
        if not isinstance(found, (Function, LocalClass, Bound)):
            if isinstance(found, Symbol) and not found.foreign and found is not callee:
                return call(machine, found, args, kwargs, node)
            live = found if isinstance(found, Member) else of_application(callee.path)
            if isinstance(live, Handle):
                return live
            if isinstance(live, Member) and isinstance(live.of, Handle):
                return on_handle(self, machine, live.of, live.name, args, kwargs, node)
            self._foreign(machine, callee, args, kwargs, node)
            return made.kept
        if not is_far(node):
            self.here = node
        quiet = machine.statement is not node and not is_handled(args, kwargs)
        self.quiet += quiet
        limit, machine.limit = machine.limit, min(machine.limit, machine.steps + _ABROAD)
        standing, turns = len(machine.standing), machine.turns
        try:
            return call(machine, found, args, kwargs, node)
        except Exhausted:
            if machine.steps > limit:
                raise
            del machine.standing[standing:]
            machine.turns = turns
            if not quiet:
                self.missed(node, f"what {called(node)} does", "it is too long to follow")
            return Unknown(f"{describe(callee)} is too long to follow")
        finally:
            machine.limit = limit
            self.quiet -= quiet

    # -- calls -------------------------------------------------------------------------------------------

    def _method(
        self, machine: Machine, member: Member, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        of, name = member.of, member.name
        handled = is_handled(args, kwargs)
        if name in ("update", "delete") and isinstance(of, Built) and isinstance(root_of(of), Handle):
            on_query(self, machine, of, name, node)
            return ROWS
        if isinstance(of, Built) and of.path == "string.Template" and name.endswith("substitute"):
            return substituted(of, args, kwargs)
        if name == "compile":
            return Built(f".{name}", args, kwargs, node, of)
        creates = name in ("create", "drop") and isinstance(of, Built) and (handled or is_enum(of))
        if creates and create(self, machine, of, name, kwargs, node):
            return None
        if isinstance(of, Built):
            if name == "append_constraint" and args and isinstance(args[0], Built):
                self.attached[args[0]] = of
            elif name == "reflect":
                self.tables[of] = [LIVE_SCHEMA]
            elif name in ("create_all", "drop_all") and handled:
                if create_all(self, machine, of, name, kwargs, node):
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
        # In other modules of the repository only what is handed the database counts, or reaches it by name:
        # an application's own calls are many, and none of the rest can reach it.
        if (self.quiet or is_far(node)) and not handled and getattr(callee, "name", "") not in _REACHING:
            return
        if not handled and (machine.statement is not node or is_harmless(callee)):
            return
        root = root_of(callee)
        if isinstance(root, Unknown):
            why, once = root.why, root.why
        elif handled and getattr(callee, "name", "") in _BY_MODELS:
            why, once = (
                "it goes by the models of today, which are not those of this revision",
                describe(callee),
            )
        else:
            why, once = "it is defined outside this file", describe(callee)
        self.missed(node, f"what {called(node)} does", why, once=(once,))

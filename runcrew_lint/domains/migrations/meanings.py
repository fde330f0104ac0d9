"""What calls of Alembic's, SQLAlchemy's and some of Python's names mean to a revision, by dotted name."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache

from runcrew_lint.domains.migrations import files, paths
from runcrew_lint.domains.migrations.handles import ELSEWHERE
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operating import batch, invoke, operate, run
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import picked
from runcrew_lint.domains.migrations.sending import LIVE_SCHEMA, execute
from runcrew_lint.domains.migrations.values import (
    Built,
    Handle,
    Role,
    Symbol,
    Unknown,
    Value,
    symbol,
)
from runcrew_lint.tuples import NamedTuple

_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session", "sqlmodel.Session")
_INSPECTORS = ("sqlalchemy.inspect", "sqlalchemy.inspection.inspect")


class Called(NamedTuple):
    """A call of a name that leads out of the file."""

    callee: Symbol
    args: list[Value]
    kwargs: dict[str, Value]
    node: ast.Call

    @property
    def kept(self) -> Built:
        """The call, unevaluated."""
        return Built(self.callee.path, self.args, self.kwargs, self.node)


class Caller(Record):
    """A revision that calls them."""

    def operation(self, machine: Machine, made: Called) -> Value:
        """A call of one of Alembic's operations."""
        return operate(self, machine, made.callee.name, made.args, made.kwargs, made.node)

    def stranger(self, machine: Machine, made: Called) -> Value:
        """A call of something that Alembic and SQLAlchemy do not bring."""
        raise NotImplementedError


Meaning = Callable[[Caller, Machine, Called], Value]


@lru_cache(maxsize=4096)
def meaning_of(path: str) -> Meaning | None:
    """What a call of a dotted name means, None where it is kept; the same few are called again and again."""
    module, _, name = path.rpartition(".")
    if path in _NAMED:
        return _NAMED[path]
    if path.startswith("alembic."):
        if name in _ALEMBIC:
            return _ALEMBIC[name]
        if module == "alembic.op":
            return _OP.get(name, Caller.operation)
        return _given if path.startswith("alembic.context.") else _stranger
    if path.startswith(("sqlalchemy.", "sqlmodel.")):
        return _live_schema if ".Inspector" in path else None
    return _stranger


def _stranger(caller: Caller, machine: Machine, made: Called) -> Value:
    return caller.stranger(machine, made)


def _given(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    return Unknown(f"context.{made.callee.name}() is given from outside")


def _execute(caller: Caller, machine: Machine, made: Called) -> Value:
    return execute(caller, machine, _first(made, "sqltext"), made.node, None)


def _batch(caller: Caller, machine: Machine, made: Called) -> Value:
    return batch(caller, machine, made.args, made.kwargs, made.node)


def _invoke(caller: Caller, machine: Machine, made: Called) -> Value:
    return invoke(caller, machine, _first(made, "operation"), made.node)


def _run_async(caller: Caller, machine: Machine, made: Called) -> Value:
    return run(caller, machine, "op.run_async", made.args, made.kwargs, made.node)


def _inline_literal(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    return made.args[0] if made.args and isinstance(made.args[0], str) else made.kept


def _table(caller: Caller, machine: Machine, made: Called) -> Value:
    del machine
    kept = made.kept
    held = made.args[1] if len(made.args) > 1 else None
    if isinstance(held, Built):
        caller.tables.setdefault(held, []).append(kept)
    return kept


def _open(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    given = _first(made, "file")
    return files.opened(given, made.args[1:], made.kwargs)


def _path(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    return paths.made(made.args)


def _path_function(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    return paths.function(made.callee.name, made.args)


def _package(caller: Caller, machine: Machine, made: Called) -> Value:
    del caller, machine
    return files.packaged(*made.args[:1])


def _package_text(caller: Caller, machine: Machine, made: Called) -> Value:
    found = files.packaged(*made.args[:2])
    return files.text(caller, machine, found) if isinstance(found, str) else found


def _first(made: Called, name: str) -> Value:
    """The first argument, by its place or by its name."""
    return made.args[0] if made.args else made.kwargs.get(name)


def _always(value: Value) -> Meaning:
    """It gives the same whatever it is called with."""

    def meaning(caller: Caller, machine: Machine, made: Called) -> Value:
        del caller, machine, made
        return value

    return meaning


def _argument(at: int, count: int | None = None) -> Meaning:
    """It gives back one of its arguments, where it is given `count` of them (or any)."""

    def meaning(caller: Caller, machine: Machine, made: Called) -> Value:
        if len(made.args) <= at or (count is not None and len(made.args) != count):
            return caller.stranger(machine, made)
        return made.args[at]

    return meaning


def _picked(caller: Caller, machine: Machine, made: Called) -> Value:
    return picked(_argument(0)(caller, machine, made))


def _import_module(caller: Caller, machine: Machine, made: Called) -> Value:
    name = made.args[0] if len(made.args) == 1 else None
    if not isinstance(name, str):
        return caller.stranger(machine, made)
    return symbol(str(name), machine.globals.home)


# It differs each time, but what SQL it makes does not.
_NEW_ID = Unknown("a UUID is made when it runs", written=True)
_live_schema = _always(LIVE_SCHEMA)
_elsewhere = _always(Handle(Role.ENGINE, ELSEWHERE))
_session = _always(Handle(Role.SESSION))
# Whatever module of Alembic's it is reached through.
_ALEMBIC: dict[str, Meaning] = {
    "is_offline_mode": _always(False),
    "get_bind": _always(Handle(Role.BIND)),
    "get_context": _always(Handle(Role.CONTEXT)),
}
_OP: dict[str, Meaning] = {
    "f": _picked,
    "inline_literal": _inline_literal,
    "batch_alter_table": _batch,
    "execute": _execute,
    "invoke": _invoke,
    "run_async": _run_async,
}
_NAMED: dict[str, Meaning] = {
    **dict.fromkeys(_SESSIONS, _session),
    **dict.fromkeys(_INSPECTORS, _live_schema),
    **dict.fromkeys(("sqlalchemy.Table", "sqlalchemy.schema.Table", "sqlalchemy.sql.schema.Table"), _table),
    **dict.fromkeys(("sqlalchemy.create_engine", "sqlalchemy.engine_from_config"), _elsewhere),
    "contextlib.nullcontext": _argument(0),
    "typing.cast": _argument(1, 2),
    "typing_extensions.cast": _argument(1, 2),
    "textwrap.dedent": _argument(0, 1),  # SQL does not care about its indentation
    "inspect.cleandoc": _argument(0, 1),
    "importlib.import_module": _import_module,
    **dict.fromkeys(("uuid.uuid4", "uuid.uuid1", "uuid.uuid7"), _always(_NEW_ID)),
    **dict.fromkeys(("builtins.open", "io.open", "codecs.open"), _open),
    **dict.fromkeys(("pathlib.Path", "pathlib.PurePath"), _path),
    **{f"os.path.{name}": _path_function for name in paths.FUNCTIONS},
    "importlib.resources.files": _package,
    "importlib.resources.read_text": _package_text,
}

"""What lies outside a revision's file, and whether calling it could change the schema."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence

from runcrew_lint.domains.migrations.values import (
    Built,
    Handle,
    Instance,
    LocalClass,
    Origin,
    Role,
    Symbol,
    Unknown,
    Value,
    root_of,
)

_CONNECTION = frozenset({Role.BIND, Role.SESSION, Role.CONTEXT, Role.BATCH, Role.ENGINE})
_QUIET = frozenset(
    """
    sqlalchemy sqlmodel builtins alembic
    structlog loguru click tqdm rich progressbar progress alive_progress
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
# What starts other programs, which may have a connection of their own.
_LOUD = ("subprocess.", "os.system", "os.popen", "importlib.", "runpy.")


def called(node: ast.Call) -> str:
    """A call's callee as it is written."""
    return ast.unparse(node.func)[:60]


def is_handled(args: Sequence[Value], kwargs: Mapping[str, Value]) -> bool:
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


def is_library(value: Value) -> bool:
    """Whether the value is Alembic's, SQLAlchemy's, or made by them."""
    root = root_of(value)
    return isinstance(root, Handle) or _module(value) in ("sqlalchemy", "sqlmodel")


def is_harmless(value: Value) -> bool:
    """Whether calling it can't reach the database unless it is given a connection."""
    root = root_of(value)
    if isinstance(root, Unknown):
        return root.origin is not Origin.OUTSIDE
    if isinstance(root, (Handle, Instance, LocalClass, str, list, tuple, dict)):
        return True
    if isinstance(root, (Symbol, Built)) and root.path.startswith(_LOUD):
        return False
    module = _module(root)
    return _is_log(value) or module in _QUIET or module in sys.stdlib_module_names


def _is_log(value: Value) -> bool:
    """Whether it is a logger's method by its name: wherever the logger is made, it only writes."""
    return getattr(value, "path", getattr(value, "name", "")).rpartition(".")[2] in _LOGS

"""Naming conventions: what SQLAlchemy calls a constraint or an index that is given no name.

SQLAlchemy's "Configuring Constraint Naming Conventions"; Alembic takes the convention of the metadata that
`context.configure` is given as `target_metadata`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.frames import Frame
from runcrew_lint.domains.migrations.interpreter import interpreter
from runcrew_lint.domains.migrations.library import Revision
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.domains.migrations.values import Built, Instance, LocalClass, Member, Symbol, Value
from runcrew_lint.text import Source

Convention = tuple[tuple[str, str], ...]
_STEPS = 20_000  # a module of models is long, and only what metadata asks for is walked


def of_script(source: Source, reading: Reading, given: Sequence[ast.expr]) -> Convention | None:
    """The convention of what an env.py gives as `target_metadata`; () for none, None if it is not known."""
    modules = Modules(reading)
    machine = interpreter(Revision(source, modules), source.path.rpartition("/")[0])
    module = modules.module(source.path.removesuffix(".py"))
    if module is None:
        return None
    machine.limit = _STEPS
    machine.frame = Frame(modules.frame(machine, module))
    found: set[Convention | None] = set()
    for node in given:
        value = machine.evaluate(node)
        for each in value if isinstance(value, (list, tuple)) else (value,):
            found.add(_of(each))
    return found.pop() if len(found) == 1 else None


def _of(value: Value, depth: int = 0) -> Convention | None:
    """The convention of a metadata, or of what has one: a mapped class, a registry, an extension's object."""
    if depth > 6:
        return None
    if value is None:
        return ()  # as Alembic's template has it
    if isinstance(value, Member):
        return _of(value.of, depth + 1)
    if isinstance(value, Instance):
        value = value.of
    if isinstance(value, LocalClass):
        held = value.find("metadata")
        if held is not None:
            return _of(held, depth + 1)
        bases = [found for base in value.bases if (found := _of(base, depth + 1)) is not None]
        return max(bases, key=len, default=None)
    if isinstance(value, Symbol):
        # The base classes that bring a metadata of their own have no convention.
        return () if value.path.removesuffix(".metadata") in _PLAIN else None
    if isinstance(value, Built):
        if value.name == "MetaData":
            return _said(value.kwargs.get("naming_convention", {}))
        if "metadata" in value.kwargs:
            return _of(value.kwargs["metadata"], depth + 1)
        if "cls" in value.kwargs:
            return _of(value.kwargs["cls"], depth + 1) or ()
        return () if value.name in ("declarative_base", "registry", "automap_base", "SQLAlchemy") else None
    return None


def _said(value: Value) -> Convention | None:
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        return None
    return tuple((str(key), str(pattern)) for key, pattern in value.items() if isinstance(key, str))


_PLAIN = frozenset(
    {"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.decl_api.DeclarativeBase", "sqlmodel.SQLModel"}
)

"""Naming conventions: what SQLAlchemy calls a constraint or an index that is given no name.

SQLAlchemy's "Configuring Constraint Naming Conventions"; Alembic takes the convention of the metadata that
`context.configure` is given as `target_metadata`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.frames import Frame
from runcrew_lint.domains.migrations.interpreter import interpreter
from runcrew_lint.domains.migrations.library import Revision
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.domains.migrations.values import (
    Built,
    Function,
    Instance,
    LocalClass,
    Member,
    Symbol,
    Unknown,
    Value,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

Convention = tuple[tuple[str, str], ...]
_STEPS = 20_000  # a module of models is long, and only what metadata asks for is walked


def of_script(source: Source, reading: Reading, given: Sequence[ast.expr]) -> Convention | None:
    """The convention of what an env.py gives as `target_metadata`; () for none, None if it is not known."""
    machine = machine_in(source, Modules(reading))
    if machine is None:
        return None
    found: set[Convention | None] = set()
    for node in given:
        value = machine.evaluate(node)
        # Of a list of them Alembic takes no names (`SchemaObjects.metadata`).
        found.add(() if isinstance(value, (list, tuple)) else convention_of(machine, value))
    return found.pop() if len(found) == 1 else None


def machine_in(source: Source, modules: Modules) -> Machine | None:
    """A walk that begins in a module's own names; None where the module does not parse."""
    machine = interpreter(Revision(source, modules), source.path.rpartition("/")[0])
    module = modules.module(source.path.removesuffix(".py"))
    if module is None:
        return None
    machine.limit = _STEPS
    machine.frame = Frame(modules.frame(machine, module))
    return machine


def convention_of(machine: Machine, value: Value, depth: int = 0) -> Convention | None:
    """The convention of a metadata, or of what has one: a mapped class, a registry, an extension's object."""
    if depth > 6:
        return None
    if value is None:
        return ()  # as Alembic's template has it
    if isinstance(value, Member):
        return convention_of(machine, value.of, depth + 1)
    if isinstance(value, Instance):
        value = value.of
    if isinstance(value, LocalClass):
        held = value.find("metadata")
        if held is not None:
            return convention_of(machine, held, depth + 1)
        bases = [convention_of(machine, base, depth + 1) for base in value.bases]
        return max((each for each in bases if each is not None), key=len, default=None)
    if isinstance(value, Symbol):
        # The base classes that bring a metadata of their own have no convention.
        return () if value.path.removesuffix(".metadata") in _PLAIN else None
    if isinstance(value, Built):
        if value.name == "MetaData":
            return said(machine, value.kwargs.get("naming_convention", {}))
        if "metadata" in value.kwargs:
            return convention_of(machine, value.kwargs["metadata"], depth + 1)
        for name in ("cls", "model_class"):
            if name in value.kwargs:
                return convention_of(machine, value.kwargs[name], depth + 1) or ()
        return () if value.name in ("declarative_base", "registry", "automap_base", "SQLAlchemy") else None
    return None


def said(machine: Machine, value: Value) -> Convention | None:
    """The convention that a mapping says, tokens of its own in SQLAlchemy's words where they mean the same.

    The pattern of a unique index has the key "unique ix" where a token tells one from others.
    """
    if value is None:
        return ()
    if not isinstance(value, dict):
        return None
    patterns = {str(key): each for key, each in value.items() if isinstance(key, str)}
    if not all(isinstance(each, (str, Function)) for each in patterns.values()):
        return None
    found = []
    for key, pattern in patterns.items():
        if isinstance(pattern, str):
            plain, unique = (
                _in_its_words(machine, pattern, patterns, is_unique) for is_unique in (False, True)
            )
            found.append((key, unique if key == "uq" else plain))
            if key == "ix" and unique != plain:
                found.append(("unique ix", unique))
    return tuple(found)


_TOKEN = lazily(r"%\((\w+)\)s")
_ANY = LocalClass("", (), {})
_PROBES = ["first\ue001", "second\ue001"]  # names of columns that are no part of any pattern
_SAME = {"_".join(_PROBES): "%(column_0_N_name)s", "".join(_PROBES): "%(column_0N_name)s"}
_SAME[_PROBES[0]] = "%(column_0_name)s"


def _in_its_words(machine: Machine, pattern: str, tokens: Mapping[str, Value], is_unique: bool) -> str:
    """A pattern with the tokens of its own filled in that make the same of every constraint of a kind.

    SQLAlchemy calls such a token's function with the constraint and its table.
    """

    def word(token: re.Match[str]) -> str:
        function = tokens.get(token[1])
        if not isinstance(function, Function):
            return token[0]
        columns = [Instance(_ANY, {"name": each}) for each in _PROBES]
        constraint = Instance(_ANY, {"columns": columns, "unique": is_unique})
        made = machine.follow(function, [constraint, Unknown("it is any table")], {})
        if not isinstance(made, str) or ("\ue001" in made and made not in _SAME):
            return token[0]
        return _SAME.get(made, made)

    return _TOKEN.sub(word, pattern)


_PLAIN = frozenset(
    {"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.decl_api.DeclarativeBase", "sqlmodel.SQLModel"}
)

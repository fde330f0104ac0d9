"""The column types that a repository declares itself: what a TypeDecorator renders as on PostgreSQL.

"Augmenting Existing Types" of SQLAlchemy's manual: `impl` is the type that it stands for, a class that takes
the decorator's own arguments or an object; `load_dialect_impl` may pick another for a database.
"""

from __future__ import annotations

from dataclasses import replace

from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.values import (
    Built,
    Function,
    Handle,
    Instance,
    LocalClass,
    Role,
    Symbol,
    Unknown,
    Value,
)

_PICKS = "load_dialect_impl"
_SPELLS = "get_col_spec"
_ASKS = {"TypeDecorator": _PICKS, "UserDefinedType": _SPELLS}
_IMPL = Unknown("its arguments are not known")  # the `impl` of an object that is made later


def declared(machine: Machine, made: LocalClass) -> LocalClass:
    """A class as it is declared; one of a column's type with what it says for PostgreSQL."""
    asked = _ASKS.get(_kind(made))
    if asked is None:
        return made
    method = made.find(asked)
    if not isinstance(method, Function):
        return replace(made, stands_for=_IMPL)
    given: list[Value] = [Instance(made, {"impl": _IMPL})]
    if asked == _PICKS:
        given.append(Handle(Role.DIALECT))
    return replace(made, stands_for=machine.follow(method, given, {}))


def _kind(made: LocalClass) -> str:
    """SQLAlchemy's class of types that it comes from, "" for none."""
    for base in made.bases:
        if isinstance(base, LocalClass) and (found := _kind(base)):
            return found
        if isinstance(base, Symbol) and base.path.startswith("sqlalchemy.") and base.name in _ASKS:
            return base.name
    return ""


def stood_for(value: Instance | LocalClass) -> Value:
    """What a type of the repository stands for: another type, its SQL as a text, or something unknown."""
    of = value.of if isinstance(value, Instance) else value
    if of.stands_for is not _IMPL:
        return of.stands_for
    impl = of.find("impl")
    if not isinstance(value, Instance):
        return impl
    impl = value.attributes.get("impl", impl)
    return Built(impl.path, value.args, value.attributes, None) if isinstance(impl, Symbol) else impl

"""Frozen dataclasses that are cheap to define and cheap to make.

A run defines some 280 of them before it reads a line, and makes tens of thousands. `dataclass(frozen=True,
slots=True)` compiles six methods a class (1.2 ms, CPython 3.11) and writes each field by a call (6.2 us for
an `Operation`); here one constructor is compiled for all classes of as many fields (0.05 ms a class) and
fields are plainly written (1.5 us). Nobody but mypy reads an assignment before it runs, and mypy refuses it
all the same.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[C]) -> type[C]:
    """`dataclass(frozen=True, slots=True)`, where the freezing is mypy's."""
    # A factory is called by the constructor: such a class has one of its own, and so has one that inherits.
    own = cls.__base__ is not object or any(isinstance(each, Field) for each in vars(cls).values())
    return _with_constructor(cls) if own else _slotted(cls)


def _with_constructor(cls: type[C]) -> type[C]:
    # A class that says nothing of itself would be given its signature, which takes longer than the class.
    cls.__doc__ = cls.__doc__ or cls.__qualname__
    made: Any = dataclass(slots=True, repr=False, eq=False)(cls)
    compared = tuple(each.name for each in fields(made) if each.compare)
    shown = tuple(each.name for each in fields(made) if each.repr)
    for name, method in _methods(compared, shown).items():
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _slotted(cls: type[C]) -> type[C]:
    """The class with slots for its fields, which have plain defaults or none.

    No field is of the class itself (`ClassVar`) or of the constructor alone (`InitVar`).
    """
    space = dict(vars(cls))
    del space["__dict__"], space["__weakref__"]  # the descriptors of what a class with slots lacks
    types = space.get("__annotations__", {})
    names = tuple(types)
    defaults = {name: space.pop(name) for name in names if name in space}
    known = {}
    for name, kind in types.items():
        made: Any = field(default=defaults.get(name, MISSING), kw_only=False)
        made.name, made.type, made._field_type = name, kind, _ORDINARY
        known[name] = made
    space["__slots__"] = space["__match_args__"] = names
    space["__dataclass_params__"], space["__dataclass_fields__"] = _SAMPLE.__dataclass_params__, known
    space["__init__"] = _constructor(cls.__qualname__, names, tuple(defaults.values()))
    space |= {name: each for name, each in _methods(names, names).items() if space.get(name) is None}
    space["__qualname__"] = cls.__qualname__
    slotted: Any = type(cls.__name__, cls.__bases__, space)
    return slotted  # type: ignore[no-any-return]


def _methods(compared: tuple[str, ...], shown: tuple[str, ...]) -> dict[str, Any]:
    key = attrgetter(*compared) if compared else _nothing

    def equals(self: Any, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(key(self))

    def written(self: Any) -> str:
        said = ", ".join([f"{name}={getattr(self, name)!r}" for name in shown])
        return f"{type(self).__qualname__}({said})"

    return {"__eq__": equals, "__hash__": hashed, "__repr__": written}


def _constructor(qualname: str, names: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    """`__init__` of a class whose fields have plain defaults or none."""
    code = _assignments(len(names)).replace(
        co_varnames=("self", *names), co_names=names, co_qualname=f"{qualname}.__init__"
    )
    return FunctionType(code, {}, "__init__", defaults)


@cache
def _assignments(count: int) -> CodeType:
    """A constructor of so many fields, with names that stand for theirs."""
    names = [f"field_{at}" for at in range(count)]
    lines = [f"def __init__({', '.join(['self', *names])}):"]
    lines += [f" self.{name} = {name}" for name in names] or [" pass"]
    module = compile("\n".join(lines), "<frozen>", "exec", dont_inherit=True)
    return next(each for each in module.co_consts if isinstance(each, CodeType))


def _nothing(self: object) -> tuple[()]:
    return ()


@dataclass(repr=False, eq=False)
class _Sample:
    """A dataclass, to see what its fields are."""

    field: Any


_SAMPLE: Any = _Sample
_ORDINARY = _SAMPLE.__dataclass_fields__["field"]._field_type

"""Frozen dataclasses that are cheap to define and cheap to make.

A run defines some 280 of them before it reads a line, and makes tens of thousands. `dataclass(frozen=True,
slots=True)` compiles six methods a class (1.2 ms, CPython 3.11) and writes each field by a call (6.2 us for
an `Operation`); here one constructor is compiled for all classes of as many fields (0.1 ms a class) and
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
    # A factory is called by the constructor: such a class has one of its own.
    own = cls.__base__ is not object or any(isinstance(each, Field) for each in vars(cls).values())
    # A class that says nothing of itself would be given its signature, which takes longer than the class.
    cls.__doc__ = cls.__doc__ or cls.__qualname__
    made: Any = dataclass(init=own, slots=True, repr=False, eq=False)(cls)
    if not own:
        made.__init__ = _constructor(made)
    names = tuple(each.name for each in fields(made) if each.compare)
    key = attrgetter(*names) if names else _nothing
    shown = tuple(each.name for each in fields(made) if each.repr)

    def equals(self: Any, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(key(self))

    def written(self: Any) -> str:
        said = ", ".join([f"{name}={getattr(self, name)!r}" for name in shown])
        return f"{type(self).__qualname__}({said})"

    for name, method in (("__eq__", equals), ("__hash__", hashed), ("__repr__", written)):
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _constructor(made: Any) -> FunctionType:
    """`__init__` of a class whose fields have plain defaults or none."""
    names = tuple(each.name for each in fields(made))
    defaults = tuple(each.default for each in fields(made) if each.default is not MISSING)
    code = _assignments(len(names)).replace(
        co_varnames=("self", *names), co_names=names, co_qualname=f"{made.__qualname__}.__init__"
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

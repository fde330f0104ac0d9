"""The lattice of values that reading a revision works on: known, one of these, unknown because ...

Known values are Python's own (str, int, float, bool, None, and list, tuple, dict and set of values).
What a call of a library makes is kept as the call itself (`Built`), for the operations to interpret.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from runcrew_lint.frozen import unique
from runcrew_lint.patterns import lazily

Value = Any
STAR = "*"  # the keyword under which unknown *args are passed on
REST = "**"  # and unknown **kwargs
HOLE = "\ue000"  # stands in a partly known text where a value is not known


class Origin(Enum):
    """What would have to be asked for an unknown value."""

    SCHEMA = "schema"  # the live schema: an inspector, information_schema, pg_catalog
    DATA = "data"  # rows
    OUTSIDE = "outside"  # anything else: another module, the environment, the clock


@unique
class Unknown:
    """A value that can't be known without running the revision; `why` reads after "because".

    `written` says that each text it may be stands in the file, but for the schema of a name.
    """

    why: str
    origin: Origin = Origin.OUTSIDE
    written: bool = False


@unique
class OneOf:
    """A value that is one of these, by a condition that is not known."""

    options: tuple[Value, ...]
    origin: Origin = Origin.OUTSIDE


@unique
class Template:
    """A text whose unknown parts are holes."""

    text: str
    hole: Unknown


class Literal(str):
    """A text that stands in the file as it is, with the place of its first character."""

    __slots__ = ("node",)
    node: ast.Constant


class Symbol:
    """A dotted name that leads out of the file, such as `sqlalchemy.Column`; `name` is its last step.

    `home` is the folder of the file that imports it, where it may be a module of the same repository
    (`foreign`); it is "" for what is known to lie elsewhere.
    """

    __slots__ = ("foreign", "home", "members", "name", "path")

    def __init__(self, path: str, home: str, foreign: bool) -> None:
        self.path = path
        self.name = path[path.rfind(".") + 1 :]
        self.home = home
        self.foreign = foreign
        self.members: dict[str, Symbol] = {}

    def member(self, name: str) -> Symbol:
        """The name one dot further, the same object each time."""
        found = self.members.get(name)
        if found is None:
            found = self.members[name] = Symbol(f"{self.path}.{name}", self.home, self.foreign)
        return found


@lru_cache(maxsize=4096)
def symbol(path: str, home: str | None = None) -> Symbol:
    """The symbol of a dotted name, imported in a file of the folder `home`; None where it is no import."""
    if home is None or path.partition(".")[0] in _ELSEWHERE:
        return Symbol(path, "", False)
    return Symbol(path, home, True)


_ELSEWHERE = sys.stdlib_module_names | {"sqlalchemy", "alembic", "sqlmodel", "builtins", "typing_extensions"}


class Built:
    """A call that is kept unevaluated: `sa.Column("id", sa.Integer())`; nobody changes it.

    `path` is the callee's dotted name, `name` its last step; a method's path starts with a dot and is
    called on `receiver`. It is no frozen dataclass because there is one for nearly every call that is
    read, and freezing one costs three times as much.
    """

    __slots__ = ("args", "kwargs", "name", "node", "path", "receiver")

    def __init__(
        self,
        path: str,
        args: Sequence[Value],
        kwargs: Mapping[str, Value],
        node: ast.Call | None,
        receiver: Value = None,
        name: str = "",
    ) -> None:
        self.path = path
        self.args = args
        self.kwargs = kwargs
        self.node = node
        self.receiver = receiver
        self.name = name or path[path.rfind(".") + 1 :]


class Member:
    """An attribute of something that is not known by parts, such as the `c` of a table."""

    __slots__ = ("name", "of")

    def __init__(self, of: Value, name: str) -> None:
        self.of = of
        self.name = name


@unique
class Function:
    """A function of this file, with the frame it was defined in."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Any
    defaults: Mapping[str, Value]


@unique
class LocalClass:
    """A class of this repository: its bases and what its body assigns.

    `stands_for` is what one of a column's type says of itself for PostgreSQL (`own_types`).
    """

    name: str
    bases: tuple[Value, ...]
    members: Mapping[str, Value]
    stands_for: Value = None

    def find(self, name: str) -> Value:
        """A member of it or of its bases; None where there is none."""
        if name in self.members:
            return self.members[name]
        found = (base.find(name) for base in self.bases if isinstance(base, LocalClass))
        return next((each for each in found if each is not None), None)

    @property
    def is_enum(self) -> bool:
        """Whether its members are objects with a name and a value."""
        return any(
            base.is_enum if isinstance(base, LocalClass) else getattr(base, "path", "").startswith("enum.")
            for base in self.bases
        )


_PASSED_ON = Unknown("its class passes on what it likes")


class Instance:
    """An object of a class of this repository; `args` are those that a base from elsewhere was given."""

    __slots__ = ("args", "attributes", "of")

    def __init__(
        self, of: LocalClass, attributes: dict[str, Value], args: Sequence[Value] = (_PASSED_ON,)
    ) -> None:
        self.of = of
        self.attributes = attributes
        self.args = args


@unique
class Bound:
    """A method with the object, or the class, that it is called on."""

    function: Function
    to: Value


class Role(Enum):
    """What Alembic hands to a revision."""

    BIND = "bind"
    CONTEXT = "context"
    DIALECT = "dialect"
    ENGINE = "engine"
    SESSION = "session"
    BATCH = "batch"
    AUTOCOMMIT = "autocommit"
    SCOPE = "scope"  # a with statement's subject that changes nothing here, such as a savepoint


@unique
class Handle:
    """A live object by its role; `made` is a batch's table, or the transaction a connection works in."""

    role: Role
    made: Any = None


class Unclear(Exception):
    """An operation can't be read: `what` of it is not known, and `why`."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what)
        self.what, self.why = what, why


PLAIN = (str, int, float, bool, type(None), bytes)
_SIZED = (*PLAIN, list, tuple, dict, set, frozenset)


def join(one: Value, other: Value, origin: Origin = Origin.OUTSIDE) -> Value:
    """What a name holds after a condition of that origin: the same value, or one of the two."""
    if one is other:
        return one
    if isinstance(one, PLAIN) and isinstance(other, PLAIN) and type(one) is type(other) and one == other:
        return one
    if isinstance(one, Unknown):
        return one
    if isinstance(other, Unknown):
        return other
    options = (*_options(one), *_options(other))
    return OneOf(options, origin) if len(options) <= 8 else Unknown("it depends on too many conditions")


def _options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, OneOf) else (value,)


def truth(value: Value) -> bool | None:
    """Whether a value is true; None where that is not known."""
    if isinstance(value, _SIZED):
        return bool(value)
    if isinstance(value, OneOf):
        answers = {truth(option) for option in value.options}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(value, Template):
        return True if value.text.replace(HOLE, "") else None
    if isinstance(value, (Unknown, Member)):
        return None
    if isinstance(value, Built):
        return None if _is_expression(value) else True
    if isinstance(value, Symbol):
        return None
    return True


def _is_expression(value: Built) -> bool:
    return not value.path.startswith("sqlalchemy.")


def unknown_of(value: Value) -> Unknown | None:
    """The unknown value in `value` itself, if it is one or may be several."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Template):
        return value.hole
    if isinstance(value, OneOf):
        shown = ", ".join(repr(option) if isinstance(option, PLAIN) else "…" for option in value.options)
        origins = {value.origin, *(each.origin for each in map(unknown_of, value.options) if each)}
        written = all(isinstance(each, PLAIN) or is_written(each) for each in value.options)
        for origin in (Origin.OUTSIDE, Origin.DATA):
            if origin in origins:
                return Unknown(f"it is one of {shown}", origin, written)
        return Unknown(f"it is one of {shown}", Origin.SCHEMA, written)
    if isinstance(value, (Symbol, Built, Member)):
        root = root_of(value)
        if isinstance(root, Handle):
            if root.role in (Role.CONTEXT, Role.DIALECT):
                return Unknown("it is a setting of the environment")
            return Unknown("it comes from the rows of a query", Origin.DATA)
        return root if isinstance(root, Unknown) else Unknown(f"{describe(value)} is not known statically")
    return None


def is_written(value: Value) -> bool:
    """Whether all of a text stands in the file, but for a choice of such, or for the schema of a name."""
    if not isinstance(value, Template):
        return False
    hole = value.hole
    return hole.written or (
        hole.origin is Origin.OUTSIDE and len(_SCHEMA.findall(value.text)) == value.text.count(HOLE)
    )


_SCHEMA = lazily(HOLE + r"\"?\.")


def root_of(value: Value) -> Value:
    """What a chain of attributes and method calls begins with."""
    while True:
        if isinstance(value, Built) and value.receiver is not None:
            value = value.receiver
        elif isinstance(value, Member):
            value = value.of
        else:
            return value


def describe(value: Value) -> str:
    """A value's short name for a message."""
    if isinstance(value, Symbol):
        return value.path.removeprefix("builtins.")
    if isinstance(value, Built):
        return f"{value.path.lstrip('.')}(...)"
    if isinstance(value, Member):
        return f"{describe(value.of)}.{value.name}"
    if isinstance(value, Function):
        return getattr(value.node, "name", "a lambda")
    if isinstance(value, LocalClass):
        return value.name
    if isinstance(value, Instance):
        return f"{value.of.name}(...)"
    if isinstance(value, Bound):
        return describe(value.function)
    if isinstance(value, Handle):
        return value.role.value
    return "a value"

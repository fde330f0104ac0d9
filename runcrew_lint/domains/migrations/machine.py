"""An abstract interpreter for the Python of a revision.

It walks a function as Python would, over the values of `values`. Where a condition is not known it
walks both ways and joins what the names hold; what happens on the way is told under that condition.
A construct is a handler for a node kind: `flow` has those of statements, `expressions` and its neighbours
those of expressions, and `interpreter` puts them together. What a call of the outside means is the
library's part.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from runcrew_lint.domains.migrations.frames import (
    DEPTH,
    STEPS,
    Condition,
    End,
    Exhausted,
    Frame,
    Standing,
    joined,
)
from runcrew_lint.domains.migrations.pure import items_of
from runcrew_lint.domains.migrations.values import (
    REST,
    STAR,
    Built,
    Function,
    Instance,
    LocalClass,
    Origin,
    Symbol,
    Unknown,
    Value,
    join,
    symbol,
    unknown_of,
)


class Library(Protocol):
    """What calls and attributes of things from outside the file mean."""

    def foreign(self, machine: Machine, symbol: Symbol) -> Value:
        """What a name of another module of the repository holds; itself where it leads elsewhere."""

    def declared(self, machine: Machine, made: LocalClass) -> LocalClass:
        """A class of the repository as it is declared, with what is known of its kind."""

    def registered(self, kind: Symbol, args: list[Value], what: Value) -> None:
        """A class or function of the file is given to a decorator from outside, called with `args`."""

    def call(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """What calling `callee` gives; whatever it does to the schema is written down."""

    def attribute(self, of: Value, name: str) -> Value:
        """An attribute of a value that comes from outside the file."""

    def enter(self, value: Value, name: str) -> tuple[Value, AbstractContextManager[None]]:
        """What `with value as name` binds, and the scope that its block runs in."""


class Machine:
    """One walk through one module, by one handler for each kind of node."""

    __slots__ = (
        "depth",
        "expressions",
        "following",
        "frame",
        "globals",
        "library",
        "limit",
        "standing",
        "statement",
        "statements",
        "steps",
        "turns",
    )

    def __init__(
        self,
        library: Library,
        statements: Mapping[type[ast.AST], Callable[[Machine, Any], End]],
        expressions: Mapping[type[ast.AST], Callable[[Machine, Any], Value]],
        home: str = "",
    ) -> None:
        self.library = library
        self.statements = statements
        self.expressions = expressions
        self.globals = Frame(None, home)
        self.frame = self.globals
        self.standing: list[Standing] = []
        self.statement: ast.AST | None = None  # the call that is a statement of its own
        self.steps = 0
        self.limit = STEPS
        self.depth = 0
        self.turns = 0  # loops around us
        self.following: list[ast.AST] = []

    def evaluate(self, node: ast.AST) -> Value:
        """What an expression gives."""
        return self.expressions[type(node)](self, node)

    def block(self, statements: list[ast.stmt]) -> End:
        """Walk statements until one of them ends the block."""
        handlers = self.statements
        for statement in statements:
            self.steps += 1
            if self.steps > self.limit:
                raise Exhausted
            handler = handlers.get(type(statement))
            if handler is not None:
                end = handler(self, statement)
                if end is not None:
                    return end
        return None

    def step(self) -> None:
        """Count one statement or loop turn."""
        self.steps += 1
        if self.steps > self.limit:
            raise Exhausted

    def lookup(self, name: str) -> Value:
        """What a name holds here."""
        frame = self.frame
        while True:
            names = frame.names
            if name in names:
                return names[name]
            if frame.outer is None:
                break
            frame = frame.outer
        return frame.stars[0].member(name) if frame.stars else symbol(f"builtins.{name}")

    def assign(self, target: ast.AST, value: Value) -> None:
        """Bind a target: a name, a pattern of names, or an item of a known list or dict."""
        if isinstance(target, ast.Name):
            frame = self.globals if target.id in self.frame.shared else self.frame
            frame.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Subscript):
            self._put(self.evaluate(target.value), self.evaluate(target.slice), value)
        elif isinstance(target, ast.Attribute):
            of = self.evaluate(target.value)
            if isinstance(of, Instance):
                before = of.attributes.get(target.attr, value)
                of.attributes[target.attr] = join(before, value) if self.uncertain else value
            elif (
                isinstance(of, Built) and isinstance(target.value, ast.Name) and _is_settable(of, target.attr)
            ):
                self.assign(target.value, self._changed(of, target.attr, value))

    def _changed(self, of: Built, name: str, value: Value) -> Value:
        """A call's object with another attribute: those of SQLAlchemy's objects are called as its arguments.

        Whoever else holds the object goes on seeing it as it was made.
        """
        if self.uncertain:
            return Unknown("it changes under a condition", Origin.DATA)
        return Built(of.path, of.args, {**of.kwargs, name: value}, of.node, of.receiver, of.name)

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        items = items_of(value)
        starred = next((at for at, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        if items is None or (starred is None and len(items) != len(targets)):
            unknown = unknown_of(value) or Unknown("it can't be unpacked")
            for each in targets:
                self.assign(each.value if isinstance(each, ast.Starred) else each, unknown)
            return
        if starred is not None:
            rest = len(items) - len(targets) + 1
            middle = list(items[starred : starred + rest])
            items = [*items[:starred], middle, *items[starred + rest :]]
        for each, item in zip(targets, items, strict=False):
            self.assign(each.value if isinstance(each, ast.Starred) else each, item)

    def _put(self, container: Value, key: Value, value: Value) -> None:
        known = isinstance(key, (str, int)) and not self.uncertain
        if isinstance(container, (dict, list)) and not known:
            self.forget(container)
        elif isinstance(container, dict) or (
            isinstance(container, list) and -len(container) <= key < len(container)
        ):
            container[key] = value

    @property
    def uncertain(self) -> bool:
        """Whether it is not known that the walk comes by here, once."""
        return bool(self.standing)

    def forget(self, value: Value) -> None:
        """Every name that holds this very list or dict holds something unknown from now on."""
        unknown = Unknown("it changes under a condition", Origin.DATA)
        frame: Frame | None = self.frame
        while frame is not None:
            for name, held in frame.names.items():
                if held is value:
                    frame.names[name] = unknown
            frame = frame.outer

    def either(
        self, condition: Condition, branches: list[list[ast.stmt]], opposite: Condition | None = None
    ) -> End:
        """Walk every branch from the same state, under the condition, and join what they leave.

        Arguments:
            opposite: what the second branch stands under, and what follows a first one that ends; where it
                is None, no branch is told from another.
        """
        against = opposite or condition
        frame = self.frame
        before = frame.names
        height = len(self.standing)
        ends: list[End] = []
        left: list[dict[str, Value]] = []
        lasting: list[Standing] = []
        for at, branch in enumerate(branches):
            frame.names = dict(before)
            self.standing.append(Standing(against if at else condition, "block"))
            ends.append(self.block(branch))
            lasting += [each for each in self.standing[height:] if each.until != "block"]
            del self.standing[height:]
            left.append(frame.names)
        alive = [names for names, end in zip(left, ends, strict=True) if end is None]
        if not alive:
            frame.names = left[0]
            self.standing += lasting
            return next((end for end in ends if end != "raise"), "raise")
        names = alive[0]
        for other in alive[1:]:
            names = joined(names, other, condition.origin)
        frame.names = names
        for at, end in enumerate(ends):
            if end not in (None, "raise"):  # where it raises, nothing of the revision stays
                until = "loop" if end in ("break", "continue") else "return"
                lasting.append(Standing(condition if at else against, until))
        self.standing += dict.fromkeys(lasting)
        return None

    def loop(self, condition: Condition | None, target: ast.AST | None, body: list[ast.stmt]) -> End:
        """Walk the body of a loop whose turns are not known, once, with what it changes unknown.

        Without a condition it is a loop that runs at least once (`while True`).
        """
        before = dict(self.frame.names)
        origin = condition.origin if condition else Origin.DATA
        changed = Unknown("it changes in a loop", origin)
        for name in _bound(body):
            self.frame.names[name] = changed
        height = len(self.standing)
        if condition is not None:
            self.standing.append(Standing(condition, "block"))
            if target is not None:
                self.assign(target, Unknown(condition.why, condition.origin))
        self.turns += 1
        self.block(body)
        self.turns -= 1
        self.standing[height:] = [each for each in self.standing[height:] if each.until == "return"]
        if condition is not None:
            self.frame.names = joined(before, self.frame.names, origin)
        return None

    def follow(self, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Walk into a function of this file and give what it returns."""
        node = function.node
        if self.depth >= DEPTH or self.following.count(node) > 2:
            return Unknown("the calls go too deep to follow")
        frame = Frame(function.frame)
        _bind(frame, function, args, kwargs)
        caller, self.frame = self.frame, frame
        statement, self.statement = self.statement, None
        height = len(self.standing)
        self.depth += 1
        self.following.append(node)
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body)
            end = self.block(node.body)
        finally:
            self.following.pop()
            self.depth -= 1
            self.frame, self.statement = caller, statement
            del self.standing[height:]
        returned = frame.returns + ([] if end == "return" else [(None, Origin.SCHEMA)])
        result, origin = returned[0]
        for other, _ in returned[1:]:
            result = join(result, other, origin)
        return result


def _is_settable(of: Built, name: str) -> bool:
    """Whether an attribute of a library's object says the same as the argument of that name."""
    return name in of.kwargs or (of.name == "Column" and name in _OF_COLUMNS)


_OF_COLUMNS = frozenset({"nullable", "server_default", "primary_key", "unique", "index", "comment"})


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Every name that is bound anywhere in the statements."""
    pending: list[Any] = list(body)
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is ast.Store:
                yield node.id
        elif kind is list:
            pending += node
        elif kind not in _LEAVES and isinstance(node, ast.AST):
            pending += [getattr(node, field) for field in node._fields]


_LEAVES = frozenset({ast.Constant, ast.Load, ast.Store, str, int, type(None)})


def _bind(frame: Frame, function: Function, args: list[Value], kwargs: dict[str, Value]) -> None:
    parameters = function.node.args
    positional = [*parameters.posonlyargs, *parameters.args]
    names = frame.names
    given = dict(kwargs)
    star = given.pop(STAR, None)
    rest = given.pop(REST, star)
    for parameter, value in zip(positional, args, strict=False):
        names[parameter.arg] = value
    for parameter in (*positional, *parameters.kwonlyargs):
        name = parameter.arg
        if name in given:
            names[name] = given.pop(name)
        elif name not in names:
            default = function.defaults.get(name, Unknown(f"{name} is passed in from outside"))
            names[name] = rest if rest is not None else default
    if parameters.vararg:
        names[parameters.vararg.arg] = rest if rest is not None else tuple(args[len(positional) :])
    if parameters.kwarg:
        names[parameters.kwarg.arg] = rest if rest is not None else given

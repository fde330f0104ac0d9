"""An abstract interpreter for the Python of a revision: statements.

It walks a function as Python would, over the values of `values`. Where a condition is not known it
walks both ways and joins what the names hold; what happens on the way is told under that condition.
What a call means is the library's part (see `library`); what an expression gives is `expressions`'.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from runcrew_lint.domains.migrations import expressions
from runcrew_lint.domains.migrations.pure import items_of
from runcrew_lint.domains.migrations.values import (
    REST,
    Function,
    LocalClass,
    OneOf,
    Origin,
    Symbol,
    Template,
    Unknown,
    Value,
    join,
    truth,
    unknown_of,
)

STEPS = 50_000  # statements and loop turns: a longer walk is given up and reported
DEPTH = 24  # calls within calls

End = str | None  # how a block ends: None falls through, else "return", "raise", "break" or "continue"


class Exhausted(Exception):
    """The walk is longer than any revision by hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Something that decides, when the revision runs, whether what follows happens."""

    node: ast.AST
    why: str
    origin: Origin


class Standing(NamedTuple):
    """A condition in force; `until` is the end that lifts it: of the block, the loop or the function."""

    condition: Condition
    until: str


@dataclass(slots=True)
class Frame:
    """The names of one function's run; `outer` is where it was defined."""

    outer: Frame | None = None
    names: dict[str, Value] = field(default_factory=dict)
    returns: list[tuple[Value, Origin]] = field(default_factory=list)
    shared: frozenset[str] = frozenset()


class Library(Protocol):
    """What calls and attributes of things from outside the file mean."""

    def call(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """What calling `callee` gives; whatever it does to the schema is written down."""

    def attribute(self, of: Value, name: str) -> Value:
        """An attribute of a value that comes from outside the file."""

    def enter(self, value: Value, name: str) -> tuple[Value, AbstractContextManager[None]]:
        """What `with value as name` binds, and the scope that its block runs in."""


class Machine:
    """One walk through one module."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.globals = Frame()
        self.frame = self.globals
        self.standing: list[Standing] = []
        self.statement: ast.AST | None = None  # the call that is a statement of its own
        self.steps = 0
        self.depth = 0
        self.turns = 0  # loops around us
        self.following: list[ast.AST] = []
        self.stars: list[str] = []

    def evaluate(self, node: ast.AST) -> Value:
        """What an expression gives."""
        return expressions.evaluate(self, node)

    def block(self, statements: list[ast.stmt]) -> End:
        """Walk statements until one of them ends the block."""
        for statement in statements:
            self.step()
            handler = _STATEMENTS.get(type(statement))
            end = handler(self, statement) if handler else None
            if end is not None:
                return end
        return None

    def step(self) -> None:
        """Count one statement or loop turn."""
        self.steps += 1
        if self.steps > STEPS:
            raise Exhausted

    def lookup(self, name: str) -> Value:
        """What a name holds here."""
        frame: Frame | None = self.frame
        while frame is not None:
            if name in frame.names:
                return frame.names[name]
            frame = frame.outer
        for module in self.stars:
            return Symbol(f"{module}.{name}")
        return Symbol(f"builtins.{name}")

    def assign(self, target: ast.AST, value: Value) -> None:
        """Bind a target: a name, a pattern of names, or an item of a known list or dict."""
        if isinstance(target, ast.Name):
            frame = self.globals if target.id in self.frame.shared else self.frame
            frame.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Subscript):
            self._put(self.evaluate(target.value), self.evaluate(target.slice), value)

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

    def either(self, condition: Condition, branches: list[list[ast.stmt]]) -> End:
        """Walk every branch from the same state, under the condition, and join what they leave."""
        frame = self.frame
        before = frame.names
        height = len(self.standing)
        ends: list[End] = []
        left: list[dict[str, Value]] = []
        lasting: list[Standing] = []
        for branch in branches:
            frame.names = dict(before)
            self.standing.append(Standing(condition, "block"))
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
            names = _joined(names, other, condition.origin)
        frame.names = names
        for end in ends:
            if end not in (None, "raise"):  # where it raises, nothing of the revision stays
                lasting.append(Standing(condition, "loop" if end in ("break", "continue") else "return"))
        self.standing += dict.fromkeys(lasting)
        return None

    def loop(self, condition: Condition | None, target: ast.AST | None, body: list[ast.stmt]) -> End:
        """Walk the body of a loop whose turns are not known, once, with what it changes unknown.

        Without a condition it is a loop that runs at least once (`while True`).
        """
        before = dict(self.frame.names)
        origin = condition.origin if condition else Origin.DATA
        for node in body:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                    self.frame.names[inner.id] = Unknown("it changes in a loop", origin)
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
            self.frame.names = _joined(before, self.frame.names, origin)
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


def _joined(
    one: Mapping[str, Value], other: Mapping[str, Value], origin: Origin = Origin.OUTSIDE
) -> dict[str, Value]:
    names = dict(one)
    for name, value in other.items():
        names[name] = join(names[name], value, origin) if name in names else value
    return names


def _bind(frame: Frame, function: Function, args: list[Value], kwargs: dict[str, Value]) -> None:
    parameters = function.node.args
    positional = [*parameters.posonlyargs, *parameters.args]
    names = frame.names
    given = dict(kwargs)
    rest = given.pop(REST, None)
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


def _expression(machine: Machine, node: ast.Expr) -> End:
    machine.statement = node.value
    machine.evaluate(node.value)
    return None


def _assign(machine: Machine, node: ast.Assign) -> End:
    value = machine.evaluate(node.value)
    for target in node.targets:
        machine.assign(target, value)
    return None


def _annotated(machine: Machine, node: ast.AnnAssign) -> End:
    if node.value is not None:
        machine.assign(node.target, machine.evaluate(node.value))
    return None


def _augmented(machine: Machine, node: ast.AugAssign) -> End:
    right = machine.evaluate(node.value)
    if isinstance(node.target, ast.Name):
        left = machine.lookup(node.target.id)
        machine.assign(node.target, expressions.binary(node.op, left, right))
    return None


def _if(machine: Machine, node: ast.If) -> End:
    value = machine.evaluate(node.test)
    known = truth(value)
    if known is not None:
        return machine.block(node.body if known else node.orelse)
    return machine.either(condition(node.test, value), [node.body, node.orelse])


def condition(node: ast.AST, value: Value) -> Condition:
    """The condition that a value of unknown truth makes."""
    unknown = unknown_of(value) or Unknown("its truth is not known")
    return Condition(node, unknown.why, unknown.origin)


def _for(machine: Machine, node: ast.For | ast.AsyncFor) -> End:
    value = machine.evaluate(node.iter)
    items = None if isinstance(value, Template) else items_of(value)
    if items is None:
        unknown = unknown_of(value) or Unknown("what it loops over is not known")
        return machine.loop(Condition(node.iter, unknown.why, unknown.origin), node.target, node.body)
    height = len(machine.standing)
    machine.turns += 1
    end: End = None
    for item in list(items):
        machine.step()
        machine.assign(node.target, item)
        end = machine.block(node.body)
        if end in ("break", "return", "raise"):
            break
    machine.turns -= 1
    machine.standing[height:] = [each for each in machine.standing[height:] if each.until == "return"]
    if end in ("return", "raise"):
        return end
    return machine.block(node.orelse) if end != "break" else None


def _while(machine: Machine, node: ast.While) -> End:
    value = machine.evaluate(node.test)
    known = truth(value)
    if known is False:
        return machine.block(node.orelse)
    if known:
        return machine.loop(None, None, node.body)
    unknown = unknown_of(value) or Unknown("how often the loop runs is not known", Origin.DATA)
    return machine.loop(Condition(node.test, unknown.why, unknown.origin), None, node.body)


def _with(machine: Machine, node: ast.With | ast.AsyncWith) -> End:
    return _within(machine, node.items, node.body)


def _within(machine: Machine, items: list[ast.withitem], body: list[ast.stmt]) -> End:
    if not items:
        return machine.block(body)
    item = items[0]
    machine.statement = item.context_expr  # a helper that is called here is followed as a statement
    value = machine.evaluate(item.context_expr)
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else ""
    bound, scope = machine.library.enter(value, name)
    if item.optional_vars is not None:
        machine.assign(item.optional_vars, bound)
    with scope:
        return _within(machine, items[1:], body)


def _try(machine: Machine, node: ast.Try) -> End:
    end = machine.block(node.body)
    if end is None:
        end = machine.block(node.orelse)
    after, height = machine.frame.names, len(machine.standing)
    for handler in node.handlers:
        failure = Condition(handler, "it runs only if the statement before it fails", Origin.SCHEMA)
        machine.frame.names = dict(after)
        machine.standing.append(Standing(failure, "block"))
        if handler.name:
            machine.frame.names[handler.name] = Unknown("an error")
        handled = machine.block(handler.body)
        del machine.standing[height:]
        if handled is not None:
            continue
        after = _joined(after, machine.frame.names)
        if end is not None:  # what follows is reached through this handler alone
            if end != "raise":
                machine.standing.append(
                    Standing(failure, "loop" if end in ("break", "continue") else "return")
                )
                height += 1
            end = None
    machine.frame.names = after
    return machine.block(node.finalbody) or end


def _return(machine: Machine, node: ast.Return) -> End:
    value = machine.evaluate(node.value) if node.value is not None else None
    origin = machine.standing[-1].condition.origin if machine.standing else Origin.OUTSIDE
    machine.frame.returns.append((value, origin))
    return "return"


def _raise(machine: Machine, node: ast.Raise) -> End:
    del machine, node
    return "raise"


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> End:
    machine.frame.names[node.name] = expressions.function(machine, node)
    return None


def _class(machine: Machine, node: ast.ClassDef) -> End:
    bases = tuple(machine.evaluate(base) for base in node.bases)
    frame = Frame(machine.frame)
    caller, machine.frame = machine.frame, frame
    machine.block(node.body)
    machine.frame = caller
    machine.frame.names[node.name] = LocalClass(node.name, bases, frame.names)
    return None


def _import(machine: Machine, node: ast.Import) -> End:
    for alias in node.names:
        if alias.asname:
            machine.frame.names[alias.asname] = Symbol(alias.name)
        else:
            root = alias.name.partition(".")[0]
            machine.frame.names[root] = Symbol(root)
    return None


def _import_from(machine: Machine, node: ast.ImportFrom) -> End:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            machine.stars.append(module)
        else:
            machine.frame.names[alias.asname or alias.name] = Symbol(f"{module}.{alias.name}")
    return None


def _delete(machine: Machine, node: ast.Delete) -> End:
    for target in node.targets:
        if isinstance(target, ast.Name):
            machine.frame.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            machine.forget(machine.evaluate(target.value))
    return None


def _global(machine: Machine, node: ast.Global) -> End:
    machine.frame.shared = machine.frame.shared.union(node.names)
    return None


def _match(machine: Machine, node: ast.Match) -> End:
    value = machine.evaluate(node.subject)
    branches = [case.body for case in node.cases]
    return machine.either(condition(node.subject, OneOf((value, None))), [*branches, []])


def _break(machine: Machine, node: ast.Break) -> End:
    del machine, node
    return "break"


def _continue(machine: Machine, node: ast.Continue) -> End:
    del machine, node
    return "continue"


_STATEMENTS: dict[type[ast.AST], Callable[[Machine, Any], End]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Global: _global,
    ast.Match: _match,
}

"""An abstract interpreter for the Python of a revision: attributes and calls, most of what a revision is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from runcrew_lint.domains.migrations import paths, pure
from runcrew_lint.domains.migrations.comparisons import CONTAINERS
from runcrew_lint.domains.migrations.expressions import constant
from runcrew_lint.domains.migrations.frames import module_frame
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.paths import FilePath, OpenFile
from runcrew_lint.domains.migrations.values import (
    REST,
    STAR,
    Bound,
    Built,
    Function,
    Handle,
    Instance,
    LocalClass,
    Member,
    OneOf,
    Symbol,
    Unknown,
    Value,
    unknown_of,
)


def _attribute(machine: Machine, node: ast.Attribute) -> Value:
    value = _reached(machine, node)
    if type(value) is Symbol and value.foreign:
        return machine.library.foreign(machine, value)
    return value


def _reached(machine: Machine, node: ast.Attribute) -> Value:
    """An attribute that is not looked for in other files yet."""
    inner = node.value
    kind = type(inner)
    if kind is ast.Name:
        of = machine.lookup(inner.id)  # type: ignore[attr-defined]
    elif kind is ast.Attribute:
        of = _reached(machine, inner)  # type: ignore[arg-type]
    else:
        of = machine.evaluate(inner)
    return of.member(node.attr) if type(of) is Symbol else attribute(machine, of, node.attr)


def attribute(machine: Machine, of: Value, name: str) -> Value:
    """An attribute of a value."""
    if isinstance(of, Symbol):
        return of.member(name)
    if isinstance(of, (Handle, Built, Member, Unknown)):
        return machine.library.attribute(of, name)
    if isinstance(of, (FilePath, OpenFile)):
        return paths.attribute(of, name)
    if isinstance(of, CONTAINERS):
        return Member(of, name)
    if isinstance(of, Instance):
        if name in of.attributes:
            return of.attributes[name]
        return _member(machine, of, of.of.find(name), name)
    if isinstance(of, LocalClass):
        found = of.find(name)
        return Member(of, name) if found is None or of.is_enum else _member(machine, of, found, name)
    if isinstance(of, OneOf):
        return unknown_of(of)
    return Unknown(f"the attribute {name} is not evaluated")


def _member(machine: Machine, of: LocalClass | Instance, found: Value, name: str) -> Value:
    """A member of a class as its class, or its object, shows it."""
    if found is None:
        return Member(of, name)
    if not isinstance(found, Function):
        return found
    ways = {each.id for each in getattr(found.node, "decorator_list", ()) if isinstance(each, ast.Name)}
    if "staticmethod" in ways:
        return found
    if "classmethod" in ways:
        return Bound(found, of.of if isinstance(of, Instance) else of)
    if isinstance(of, LocalClass):
        return found
    return machine.follow(found, [of], {}) if "property" in ways else Bound(found, of)


def _call(machine: Machine, node: ast.Call) -> Value:
    # Nearly all that is read passes here: the commonest kinds of node are not looked up.
    handlers = machine.expressions
    func = node.func
    kind = type(func)
    if kind is ast.Attribute:
        callee = _reached(machine, func)  # type: ignore[arg-type]
    elif kind is ast.Name:
        callee = machine.lookup(func.id)  # type: ignore[attr-defined]
    else:
        callee = machine.evaluate(func)
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for arg in node.args:
        if type(arg) is ast.Constant:
            args.append(constant(arg))
        elif isinstance(arg, ast.Starred):
            value = machine.evaluate(arg.value)
            items = pure.items_of(value)
            if items is None:
                kwargs[STAR] = unknown_of(value) or Unknown("the arguments are not known")
            else:
                args.extend(items)
        else:
            args.append(handlers[type(arg)](machine, arg))
    for keyword in node.keywords:
        given = keyword.value
        value = constant(given) if type(given) is ast.Constant else handlers[type(given)](machine, given)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
            kwargs.update(value)
        else:
            kwargs[REST] = unknown_of(value) or Unknown("the arguments are not known")
    return call(machine, callee, args, kwargs, node)


def call(
    machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    """What a call gives."""
    if type(callee) is Symbol:
        if callee.path.startswith("builtins."):
            return _builtin(machine, callee, args, kwargs, node)
    elif isinstance(callee, Function):
        return machine.follow(callee, args, kwargs)
    elif isinstance(callee, OneOf) and all(isinstance(each, Function) for each in callee.options):
        for each in callee.options:
            call(machine, each, args, kwargs, node)
        return unknown_of(callee)
    elif isinstance(callee, Bound):
        return machine.follow(callee.function, [callee.to, *args], kwargs)
    elif isinstance(callee, Built) and callee.path == "functools.partial" and callee.args:
        return call(machine, callee.args[0], [*callee.args[1:], *args], {**callee.kwargs, **kwargs}, node)
    elif isinstance(callee, LocalClass) and (made := _made(machine, callee, args, kwargs)) is not None:
        return made
    elif isinstance(callee, Member) and isinstance(callee.of, (FilePath, OpenFile)):
        pass  # it may lead to the file
    elif isinstance(callee, Member) and isinstance(callee.of, CONTAINERS):
        of = callee.of
        if machine.uncertain and isinstance(of, (list, dict)) and callee.name not in _READERS:
            machine.forget(of)
            return None
        return pure.method(of, callee.name, args, kwargs)
    return machine.library.call(machine, callee, args, kwargs, node)


def _made(machine: Machine, of: LocalClass, args: list[Value], kwargs: dict[str, Value]) -> Instance | None:
    """An object of a class whose __init__ can be followed; None for the others."""
    start = of.find("__init__")
    if not isinstance(start, Function):
        return None
    made = Instance(of, {})
    machine.follow(start, [made, *args], kwargs)
    return made


def _builtin(
    machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    name = callee.name
    if name == "getattr" and len(args) >= 2 and isinstance(args[1], str):
        return attribute(machine, args[0], args[1])
    if name == "str" and len(args) == 1 and isinstance(args[0], Instance):
        shown = args[0].of.find("__str__")
        return (
            machine.follow(shown, args, {})
            if isinstance(shown, Function)
            else Unknown("its text is not known")
        )
    if name == "map" and len(args) == 2 and (items := pure.items_of(args[1])) is not None:
        return [call(machine, args[0], [each], {}, node) for each in items]
    if name == "globals" and not args:
        return dict(module_frame(machine.frame).names)
    if name in ("super", "__import__", "exec", "eval", "open"):
        return machine.library.call(machine, callee, args, kwargs, node)
    return pure.builtin(name, args, kwargs)


_READERS = frozenset({"items", "keys", "values", "get", "copy", "index", "count"})

CALLS: dict[type[ast.AST], Callable[[Machine, Any], Value]] = {
    ast.Attribute: _attribute,
    ast.Call: _call,
}

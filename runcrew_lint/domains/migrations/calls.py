"""An abstract interpreter for the Python of a revision: attributes and calls, most of what a revision is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from runcrew_lint.domains.migrations import pure
from runcrew_lint.domains.migrations.comparisons import CONTAINERS
from runcrew_lint.domains.migrations.expressions import constant
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.values import (
    REST,
    STAR,
    Built,
    Function,
    Handle,
    LocalClass,
    Member,
    OneOf,
    Symbol,
    Unknown,
    Value,
    unknown_of,
)


def _attribute(machine: Machine, node: ast.Attribute) -> Value:
    inner = node.value
    of = machine.lookup(inner.id) if type(inner) is ast.Name else machine.evaluate(inner)
    return of.member(node.attr) if type(of) is Symbol else attribute(machine, of, node.attr)


def attribute(machine: Machine, of: Value, name: str) -> Value:
    """An attribute of a value."""
    if isinstance(of, Symbol):
        return of.member(name)
    if isinstance(of, (Handle, Built, Member, Unknown)):
        return machine.library.attribute(of, name)
    if isinstance(of, CONTAINERS):
        return Member(of, name)
    if isinstance(of, LocalClass):
        if name not in of.members:
            return Member(of, name)
        return Member(of, name) if _is_enum(of) else of.members[name]
    if isinstance(of, OneOf):
        return unknown_of(of)
    return Unknown(f"the attribute {name} is not evaluated")


def _is_enum(of: LocalClass) -> bool:
    return any(isinstance(base, Symbol) and base.path.startswith("enum.") for base in of.bases)


def _call(machine: Machine, node: ast.Call) -> Value:
    # Nearly all that is read passes here: the commonest kinds of node are not looked up.
    handlers = machine.expressions
    func = node.func
    callee = _attribute(machine, func) if type(func) is ast.Attribute else machine.evaluate(func)
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
    elif isinstance(callee, Member) and isinstance(callee.of, CONTAINERS):
        of = callee.of
        if machine.uncertain and isinstance(of, (list, dict)) and callee.name not in _READERS:
            machine.forget(of)
            return None
        return pure.method(of, callee.name, args, kwargs)
    return machine.library.call(machine, callee, args, kwargs, node)


def _builtin(
    machine: Machine, callee: Symbol, args: list[Value], kwargs: dict[str, Value], node: ast.Call
) -> Value:
    name = callee.name
    if name == "getattr" and len(args) >= 2 and isinstance(args[1], str):
        return attribute(machine, args[0], args[1])
    if name in ("super", "__import__", "exec", "eval"):
        return machine.library.call(machine, callee, args, kwargs, node)
    return pure.builtin(name, args, kwargs)


_READERS = frozenset({"items", "keys", "values", "get", "copy", "index", "count"})

CALLS: dict[type[ast.AST], Callable[[Machine, Any], Value]] = {
    ast.Attribute: _attribute,
    ast.Call: _call,
}

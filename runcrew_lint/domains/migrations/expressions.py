"""An abstract interpreter for the Python of a revision: expressions, one handler a kind of node."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from runcrew_lint.domains.migrations import formatting, pure
from runcrew_lint.domains.migrations.comparisons import comparison
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.values import (
    HOLE,
    PLAIN,
    Built,
    Function,
    Literal,
    Member,
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


def constant(node: ast.Constant) -> Value:
    """What a literal gives; a text that may be SQL keeps its place, for the places of its statements."""
    value = node.value
    if type(value) is str and " " in value:
        literal = Literal(value)
        literal.node = node
        return literal
    return value if isinstance(value, PLAIN) else Unknown("the constant is not evaluated")


def _constant(machine: Machine, node: ast.Constant) -> Value:
    del machine
    return constant(node)


def _name(machine: Machine, node: ast.Name) -> Value:
    value = machine.lookup(node.id)
    if type(value) is Symbol and value.foreign:
        return machine.library.foreign(machine, value)
    return value


def _list(machine: Machine, node: ast.List | ast.Tuple | ast.Set) -> Value:
    items: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            value = machine.evaluate(element.value)
            inner = pure.items_of(value)
            if inner is None:
                return unknown_of(value) or Unknown("a part of it is not known")
            items.extend(inner)
        else:
            items.append(machine.evaluate(element))
    if isinstance(node, ast.List):
        return items
    return tuple(items) if isinstance(node, ast.Tuple) else pure.distinct(items)


def _dict(machine: Machine, node: ast.Dict) -> Value:
    made: dict[Any, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = machine.evaluate(value_node)
        if key_node is None:
            if not isinstance(value, dict):
                return unknown_of(value) or Unknown("a part of it is not known")
            made.update(value)
            continue
        key = machine.evaluate(key_node)
        if not isinstance(key, PLAIN):
            return Unknown("a key is not known")
        made[key] = value
    return made


def _joined(machine: Machine, node: ast.JoinedStr) -> Value:
    parts: list[str] = []
    hole: Unknown | None = None
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            spec = machine.evaluate(value.format_spec) if value.format_spec else ""
            conversion = chr(value.conversion) if value.conversion > 0 else ""
            part, unknown = formatting.shown(
                machine.evaluate(value.value), spec if isinstance(spec, str) else "0000", conversion
            )
            parts.append(part)
            hole = formatting.weaker(hole, unknown)
    return formatting.whole(parts, hole)


def _binary(machine: Machine, node: ast.BinOp) -> Value:
    return binary(node.op, machine.evaluate(node.left), machine.evaluate(node.right))


def binary(operator: ast.operator, left: Value, right: Value) -> Value:
    """`left <operator> right`."""
    return pure.arithmetic(type(operator).__name__, left, right)


def _unary(machine: Machine, node: ast.UnaryOp) -> Value:
    value = machine.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        return (unknown_of(value) or Unknown("its truth is not known")) if known is None else not known
    if isinstance(node.op, ast.USub) and isinstance(value, (int, float)):
        return -value
    return unknown_of(value) or Unknown("the expression is not evaluated")


def _boolean(machine: Machine, node: ast.BoolOp) -> Value:
    stops = isinstance(node.op, ast.Or)
    unknown: Value = None
    for each in node.values:
        value = machine.evaluate(each)
        known = truth(value)
        if known is None:
            unknown = unknown or unknown_of(value) or Unknown("its truth is not known")
        elif known is stops:
            # One term decides a condition, whatever the unknown ones before it are; a text that may be one of
            # them is not known.
            return (
                value if unknown is None else known if value is None or isinstance(value, bool) else unknown
            )
    return value if unknown is None else unknown


def _compare(machine: Machine, node: ast.Compare) -> Value:
    left = machine.evaluate(node.left)
    result: Value = True
    for operator, each in zip(node.ops, node.comparators, strict=True):
        right = machine.evaluate(each)
        result = comparison(operator, left, right)
        if result is not True:
            return result
        left = right
    return result


def _conditional(machine: Machine, node: ast.IfExp) -> Value:
    test = machine.evaluate(node.test)
    known = truth(test)
    if known is not None:
        return machine.evaluate(node.body if known else node.orelse)
    unknown = unknown_of(test)
    origin = unknown.origin if unknown else Origin.OUTSIDE
    return join(machine.evaluate(node.body), machine.evaluate(node.orelse), origin)


def _subscript(machine: Machine, node: ast.Subscript) -> Value:
    of = machine.evaluate(node.value)
    if isinstance(of, Unknown):
        return of
    if isinstance(of, Symbol):  # a generic type
        return of
    if isinstance(node.slice, ast.Slice):
        bounds = [
            machine.evaluate(each) if each is not None else None
            for each in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        if isinstance(of, (str, list, tuple)) and all(isinstance(each, (int, type(None))) for each in bounds):
            return of[slice(*bounds)] if bounds[2] != 0 else Unknown("the slice fails")
        return unknown_of(of) or Unknown("the slice is not known")
    key = machine.evaluate(node.slice)
    if isinstance(of, dict) and isinstance(key, PLAIN):
        return of[key] if key in of else Unknown("the key is not there")
    if isinstance(of, dict) and isinstance(key, Template) and (found := _fitting(of, key)) is not None:
        return found
    if isinstance(of, dict) and of and all(isinstance(each, PLAIN) for each in of.values()):
        unknown = unknown_of(key) or Unknown("the item is not known")
        return Unknown(unknown.why, unknown.origin, written=True)
    if isinstance(of, (str, list, tuple)) and isinstance(key, int):
        return of[key] if -len(of) <= key < len(of) else Unknown("the item is not there")
    if isinstance(of, (Built, Member)):
        return Member(of, str(key) if isinstance(key, PLAIN) else "[...]")
    return unknown_of(key) or unknown_of(of) or Unknown("the item is not known")


def _fitting(of: dict[Any, Value], key: Template) -> Value:
    """The items whose keys fit a key that is known in part; None where none does."""
    pattern = re.compile(".+".join(map(re.escape, key.text.split(HOLE))))
    found = tuple(value for name, value in of.items() if isinstance(name, str) and pattern.fullmatch(name))
    return OneOf(found, key.hole.origin) if len(found) > 1 else found[0] if found else None


def _lambda(machine: Machine, node: ast.Lambda) -> Value:
    return function(machine, node)


def function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Function:
    """A function of the file, with its defaults as they are when it is defined."""
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = {}
    for parameter, default in zip(positional[::-1], node.args.defaults[::-1], strict=False):
        defaults[parameter.arg] = machine.evaluate(default)
    for parameter, keyword_default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if keyword_default is not None:
            defaults[parameter.arg] = machine.evaluate(keyword_default)
    return Function(node, machine.frame, defaults)


def _walrus(machine: Machine, node: ast.NamedExpr) -> Value:
    value = machine.evaluate(node.value)
    machine.assign(node.target, value)
    return value


def _await(machine: Machine, node: ast.Await) -> Value:
    return machine.evaluate(node.value)


def _yield(machine: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    if node.value is not None:
        machine.evaluate(node.value)
    return Unknown("what a generator is sent")


EXPRESSIONS: dict[type[ast.AST], Callable[[Machine, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}

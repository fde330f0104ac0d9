"""An abstract interpreter for the Python of a revision: expressions, one handler a kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runcrew_lint.domains.migrations import formatting, pure
from runcrew_lint.domains.migrations.comparisons import CONTAINERS, comparison
from runcrew_lint.domains.migrations.values import (
    PLAIN,
    REST,
    STAR,
    Built,
    Function,
    Handle,
    Literal,
    LocalClass,
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

if TYPE_CHECKING:
    from runcrew_lint.domains.migrations.machine import Machine


def evaluate(machine: Machine, node: ast.AST) -> Value:
    """What an expression gives."""
    handler = _EXPRESSIONS.get(type(node))
    if handler is None:
        return Unknown(f"a {type(node).__name__} expression is not evaluated")
    return handler(machine, node)


def _constant(machine: Machine, node: ast.Constant) -> Value:
    del machine
    value = node.value
    if isinstance(value, str) and " " in value:  # it may be SQL, whose statements are told by place
        literal = Literal(value)
        literal.node = node
        return literal
    return value if isinstance(value, PLAIN) else Unknown("the constant is not evaluated")


def _name(machine: Machine, node: ast.Name) -> Value:
    return machine.lookup(node.id)


def _attribute(machine: Machine, node: ast.Attribute) -> Value:
    return attribute(machine, evaluate(machine, node.value), node.attr)


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
    callee = evaluate(machine, node.func)
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for arg in node.args:
        if isinstance(arg, ast.Starred):
            value = evaluate(machine, arg.value)
            items = pure.items_of(value)
            if items is None:
                kwargs[STAR] = unknown_of(value) or Unknown("the arguments are not known")
            else:
                args.extend(items)
        else:
            args.append(evaluate(machine, arg))
    for keyword in node.keywords:
        value = evaluate(machine, keyword.value)
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
    if isinstance(callee, Symbol):
        if not callee.path.startswith("builtins."):
            return machine.library.call(machine, callee, args, kwargs, node)
        name = callee.path[9:]
        if name == "getattr" and len(args) >= 2 and isinstance(args[1], str):
            return attribute(machine, args[0], args[1])
        if name not in ("super", "__import__", "exec", "eval"):
            return pure.builtin(name, args, kwargs)
    if isinstance(callee, Function):
        return machine.follow(callee, args, kwargs)
    if isinstance(callee, Member) and isinstance(callee.of, CONTAINERS):
        of = callee.of
        if machine.uncertain and isinstance(of, (list, dict)) and callee.name not in _READERS:
            machine.forget(of)
            return None
        return pure.method(of, callee.name, args, kwargs)
    return machine.library.call(machine, callee, args, kwargs, node)


_READERS = frozenset({"items", "keys", "values", "get", "copy", "index", "count"})


def _list(machine: Machine, node: ast.List | ast.Tuple | ast.Set) -> Value:
    items: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            value = evaluate(machine, element.value)
            inner = pure.items_of(value)
            if inner is None:
                return unknown_of(value) or Unknown("a part of it is not known")
            items.extend(inner)
        else:
            items.append(evaluate(machine, element))
    if isinstance(node, ast.List):
        return items
    return tuple(items) if isinstance(node, ast.Tuple) else pure.distinct(items)


def _dict(machine: Machine, node: ast.Dict) -> Value:
    made: dict[Any, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(machine, value_node)
        if key_node is None:
            if not isinstance(value, dict):
                return unknown_of(value) or Unknown("a part of it is not known")
            made.update(value)
            continue
        key = evaluate(machine, key_node)
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
            spec = evaluate(machine, value.format_spec) if value.format_spec else ""
            conversion = chr(value.conversion) if value.conversion > 0 else ""
            part, unknown = formatting.shown(
                evaluate(machine, value.value), spec if isinstance(spec, str) else "0000", conversion
            )
            parts.append(part)
            hole = hole or unknown
    return formatting.whole(parts, hole)


def _binary(machine: Machine, node: ast.BinOp) -> Value:
    return binary(node.op, evaluate(machine, node.left), evaluate(machine, node.right))


def binary(operator: ast.operator, left: Value, right: Value) -> Value:
    """`left <operator> right`."""
    return pure.arithmetic(type(operator).__name__, left, right)


def _unary(machine: Machine, node: ast.UnaryOp) -> Value:
    value = evaluate(machine, node.operand)
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
        value = evaluate(machine, each)
        known = truth(value)
        if known is None:
            unknown = unknown or unknown_of(value) or Unknown("its truth is not known")
        elif known is stops:
            # One term decides, whatever the unknown ones before it are; its value counts if all are known.
            return value if unknown is None else known
    return value if unknown is None else unknown


def _compare(machine: Machine, node: ast.Compare) -> Value:
    left = evaluate(machine, node.left)
    result: Value = True
    for operator, each in zip(node.ops, node.comparators, strict=True):
        right = evaluate(machine, each)
        result = comparison(operator, left, right)
        if result is not True:
            return result
        left = right
    return result


def _conditional(machine: Machine, node: ast.IfExp) -> Value:
    test = evaluate(machine, node.test)
    known = truth(test)
    if known is not None:
        return evaluate(machine, node.body if known else node.orelse)
    unknown = unknown_of(test)
    origin = unknown.origin if unknown else Origin.OUTSIDE
    return join(evaluate(machine, node.body), evaluate(machine, node.orelse), origin)


def _subscript(machine: Machine, node: ast.Subscript) -> Value:
    of = evaluate(machine, node.value)
    if isinstance(of, Unknown):
        return of
    if isinstance(of, Symbol):  # a generic type
        return of
    if isinstance(node.slice, ast.Slice):
        bounds = [
            evaluate(machine, each) if each is not None else None
            for each in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        if isinstance(of, (str, list, tuple)) and all(isinstance(each, (int, type(None))) for each in bounds):
            return of[slice(*bounds)] if bounds[2] != 0 else Unknown("the slice fails")
        return unknown_of(of) or Unknown("the slice is not known")
    key = evaluate(machine, node.slice)
    if isinstance(of, dict) and isinstance(key, PLAIN):
        return of[key] if key in of else Unknown("the key is not there")
    if isinstance(of, (str, list, tuple)) and isinstance(key, int):
        return of[key] if -len(of) <= key < len(of) else Unknown("the item is not there")
    if isinstance(of, (Built, Member)):
        return Member(of, str(key) if isinstance(key, PLAIN) else "[...]")
    return unknown_of(key) or unknown_of(of) or Unknown("the item is not known")


def _lambda(machine: Machine, node: ast.Lambda) -> Value:
    return function(machine, node)


def function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Function:
    """A function of the file, with its defaults as they are when it is defined."""
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = {}
    for parameter, default in zip(positional[::-1], node.args.defaults[::-1], strict=False):
        defaults[parameter.arg] = evaluate(machine, default)
    for parameter, keyword_default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if keyword_default is not None:
            defaults[parameter.arg] = evaluate(machine, keyword_default)
    return Function(node, machine.frame, defaults)


def _comprehension(machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    made: list[Value] = []
    unknown = _each(machine, node.generators, lambda: made.append(evaluate(machine, node.elt)))
    if unknown:
        return unknown
    return pure.distinct(made) if isinstance(node, ast.SetComp) else made


def _dict_comprehension(machine: Machine, node: ast.DictComp) -> Value:
    made: dict[Any, Value] = {}
    strange: list[Unknown] = []

    def put() -> None:
        key, value = evaluate(machine, node.key), evaluate(machine, node.value)
        if isinstance(key, PLAIN):
            made[key] = value
        else:
            strange.append(Unknown("a key is not known"))

    unknown = _each(machine, node.generators, put)
    return unknown or (strange[0] if strange else made)


def _each(machine: Machine, generators: list[ast.comprehension], put: Callable[[], None]) -> Unknown | None:
    """Run `put` for every turn of the generators; the unknown value that stops it, or None."""
    if not generators:
        put()
        return None
    first, rest = generators[0], generators[1:]
    value = evaluate(machine, first.iter)
    items = None if isinstance(value, Template) else pure.items_of(value)
    if items is None:
        return unknown_of(value) or Unknown("what it loops over is not known")
    before = dict(machine.frame.names)
    try:
        for item in list(items):
            machine.step()
            machine.assign(first.target, item)
            tests = [evaluate(machine, test) for test in first.ifs]
            known = [truth(test) for test in tests]
            if False in known:
                continue
            if None in known:
                return unknown_of(tests[known.index(None)]) or Unknown("a condition is not known")
            if unknown := _each(machine, rest, put):
                return unknown
    finally:
        machine.frame.names = before
    return None


def _walrus(machine: Machine, node: ast.NamedExpr) -> Value:
    value = evaluate(machine, node.value)
    machine.assign(node.target, value)
    return value


def _await(machine: Machine, node: ast.Await) -> Value:
    return evaluate(machine, node.value)


def _yield(machine: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    if node.value is not None:
        evaluate(machine, node.value)
    return Unknown("what a generator is sent")


_EXPRESSIONS: dict[type[ast.AST], Callable[[Machine, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
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
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}

"""An abstract interpreter for the Python of a revision: statements, one handler a kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from runcrew_lint.domains.migrations import expressions
from runcrew_lint.domains.migrations.frames import Condition, End, Frame, Standing, joined, module_frame
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.pure import items_of
from runcrew_lint.domains.migrations.values import (
    LocalClass,
    OneOf,
    Origin,
    Symbol,
    Template,
    Unknown,
    Value,
    symbol,
    truth,
    unknown_of,
)


def _expression(machine: Machine, node: ast.Expr) -> End:
    value = node.value
    if type(value) is not ast.Constant:
        machine.statement = value
        machine.evaluate(value)
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
    condition = _condition(node.test, value)
    opposite = replace(condition, negated=True)
    return machine.either(condition, [node.body, node.orelse], opposite)


def _condition(node: ast.AST, value: Value) -> Condition:
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
        after = joined(after, machine.frame.names)
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
    made = machine.frame.names[node.name] = expressions.function(machine, node)
    if node.decorator_list:
        _decorated(machine, node, made)
    return None


def _decorated(
    machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, made: Value
) -> None:
    """Tell the library of what is registered with it; other decorators are taken to change nothing."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            by = machine.evaluate(decorator.func)
            if isinstance(by, Symbol):
                machine.library.registered(by, [machine.evaluate(arg) for arg in decorator.args], made)


def _class(machine: Machine, node: ast.ClassDef) -> End:
    bases = tuple(machine.evaluate(base) for base in node.bases)
    frame = Frame(machine.frame)
    caller, machine.frame = machine.frame, frame
    machine.block(node.body)
    machine.frame = caller
    made = LocalClass(node.name, bases, frame.names)
    if bases:
        made = machine.library.declared(machine, made)
    machine.frame.names[node.name] = made
    if node.decorator_list:
        _decorated(machine, node, made)
    return None


def _import(machine: Machine, node: ast.Import) -> End:
    home = module_frame(machine.frame).home
    for alias in node.names:
        if alias.asname:
            machine.frame.names[alias.asname] = symbol(alias.name, home)
        else:
            root = alias.name.partition(".")[0]
            machine.frame.names[root] = symbol(root, home)
    return None


def _import_from(machine: Machine, node: ast.ImportFrom) -> End:
    module = "." * node.level + (node.module or "")
    home = module_frame(machine.frame)
    whole = symbol(module, home.home)
    for alias in node.names:
        if alias.name == "*":
            home.stars.append(whole)
        else:
            named = whole.member(alias.name) if node.module else symbol(module + alias.name, home.home)
            machine.frame.names[alias.asname or alias.name] = named
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
    return machine.either(_condition(node.subject, OneOf((value, None))), [*branches, []])


def _break(machine: Machine, node: ast.Break) -> End:
    del machine, node
    return "break"


def _continue(machine: Machine, node: ast.Continue) -> End:
    del machine, node
    return "continue"


STATEMENTS: dict[type[ast.AST], Callable[[Machine, Any], End]] = {
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

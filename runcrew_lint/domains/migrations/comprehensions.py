"""An abstract interpreter for the Python of a revision: comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from runcrew_lint.domains.migrations import pure
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.values import PLAIN, Template, Unknown, Value, truth, unknown_of


def _comprehension(machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    made: list[Value] = []
    unknown = _each(machine, node.generators, lambda: made.append(machine.evaluate(node.elt)))
    if unknown:
        return unknown
    return pure.distinct(made) if isinstance(node, ast.SetComp) else made


def _dict_comprehension(machine: Machine, node: ast.DictComp) -> Value:
    made: dict[Any, Value] = {}
    strange: list[Unknown] = []

    def put() -> None:
        key, value = machine.evaluate(node.key), machine.evaluate(node.value)
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
    value = machine.evaluate(first.iter)
    items = None if isinstance(value, Template) else pure.items_of(value)
    if items is None:
        return unknown_of(value) or Unknown("what it loops over is not known")
    before = dict(machine.frame.names)
    try:
        for item in list(items):
            machine.step()
            machine.assign(first.target, item)
            tests = [machine.evaluate(test) for test in first.ifs]
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


COMPREHENSIONS: dict[type[ast.AST], Callable[[Machine, Any], Value]] = {
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
}

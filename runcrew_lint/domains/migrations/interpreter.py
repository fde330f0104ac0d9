"""An abstract interpreter for the Python of a revision, put together of its handlers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from runcrew_lint.domains.migrations.calls import CALLS
from runcrew_lint.domains.migrations.comprehensions import COMPREHENSIONS
from runcrew_lint.domains.migrations.expressions import EXPRESSIONS
from runcrew_lint.domains.migrations.flow import STATEMENTS
from runcrew_lint.domains.migrations.machine import Library, Machine
from runcrew_lint.domains.migrations.values import Unknown, Value


def interpreter(library: Library, home: str = "") -> Machine:
    """A walk through one module in the folder `home`, where calls of the outside mean what `library` says."""
    return Machine(library, STATEMENTS, _ALL, home)


def _strange(machine: Machine, node: ast.expr) -> Value:
    del machine
    return Unknown(f"a {type(node).__name__} expression is not evaluated")


_KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.expr)]
_ALL: Mapping[type[ast.AST], Callable[[Machine, Any], Value]] = (
    dict.fromkeys(_KINDS, _strange) | EXPRESSIONS | COMPREHENSIONS | CALLS
)

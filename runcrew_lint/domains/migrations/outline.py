"""What a revision's syntax says by itself, whatever runs: its imports, and a downgrade that raises."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from runcrew_lint.documents import python
from runcrew_lint.domains.migrations.facts import NOWHERE, Import, Operation
from runcrew_lint.text import Source, Span

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def imports(source: Source, module: ast.Module) -> tuple[Import, ...]:
    """Every import of the file in order, inside functions too; what only a type checker runs is left out."""
    block = module.body
    above = [each for each in block if isinstance(each, (ast.Import, ast.ImportFrom))]
    # As many as the text has the word: there is none inside a block, and none is looked for.
    nested = source.text.count("import") > len(above)
    return tuple(
        each
        for statement in (_statements(block) if nested else above)
        if isinstance(statement, (ast.Import, ast.ImportFrom))
        for each in _imported(statement, python.span(source, statement))
    )


def _imported(statement: ast.Import | ast.ImportFrom, span: Span) -> Iterator[Import]:
    if isinstance(statement, ast.Import):
        yield from (Import(alias.name, (), span) for alias in statement.names)
    else:
        module = "." * statement.level + (statement.module or "")
        yield Import(module, tuple(alias.name for alias in statement.names), span)


def _statements(block: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Statements and what lies in their blocks; expressions hold no import."""
    for statement in block:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
            yield from _statements(statement.orelse)
            continue
        yield statement
        for name in _BLOCKS:
            inner = getattr(statement, name, None)
            if inner and isinstance(inner, list):
                yield from _statements(inner)


def raised(source: Source, module: ast.Module) -> Span:
    """The statement of downgrade() that raises under no condition; empty where there is none.

    It is a `raise`, an assertion of nothing true, or a call of a function of this file that comes to one.
    """
    functions = {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}
    stops = _stop(functions.get("downgrade"), functions)
    return python.span(source, stops) if stops is not None else NOWHERE


def _stop(
    function: ast.FunctionDef | None, functions: Mapping[str, ast.FunctionDef], depth: int = 2
) -> ast.stmt | None:
    """The statement at which every run of a function ends with an exception."""
    if function is None or not depth:
        return None
    for each in function.body:
        if isinstance(each, ast.Raise):
            return each
        if isinstance(each, ast.Return):
            return None
        if isinstance(each, ast.Assert) and isinstance(each.test, ast.Constant) and not each.test.value:
            return each
        called = each.value.func if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) else None
        helper = functions.get(called.id) if isinstance(called, ast.Name) else None
        if helper is not None and not helper.decorator_list and _stop(helper, functions, depth - 1):
            return each
    return None


def refused(operations: Iterable[Operation]) -> Span:
    """The RAISE of a DO block that every run comes to; empty where there is none."""
    return next((each.span for each in operations if each.words == "raise" and not each.conditions), NOWHERE)

"""What a revision's syntax says by itself, whatever runs: its imports, and a downgrade that raises."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

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
    """The `raise` that stands in downgrade() itself, under no condition; empty where there is none."""
    for statement in reversed(module.body):
        if isinstance(statement, ast.FunctionDef) and statement.name == "downgrade":
            for each in statement.body:
                if isinstance(each, ast.Raise):
                    return python.span(source, each)
                if isinstance(each, ast.Return):
                    break
            return NOWHERE
    return NOWHERE


def refused(operations: Iterable[Operation]) -> Span:
    """The RAISE of a DO block that every run comes to; empty where there is none."""
    return next((each.span for each in operations if each.words == "raise" and not each.conditions), NOWHERE)

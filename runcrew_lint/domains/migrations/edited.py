"""Which parts of a revision or script do something else than they did; comments and layout aside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from runcrew_lint.documents import python, sql
from runcrew_lint.domains.migrations.script import parts_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_GRAPH = ("revision", "down_revision", "branch_labels", "depends_on")


def revision_in(source: Source) -> str:
    """The identifier that a file declares as a literal, beside a `down_revision`; "" for none."""
    try:
        module = source.derive(python.parse)
    except Unreadable:
        return ""
    named = dict(_assignments(module))
    revision = named.get("revision")
    if "down_revision" in named and isinstance(revision, ast.Constant) and isinstance(revision.value, str):
        return revision.value
    return ""


def changed_parts(before: Source, now: Source) -> tuple[str, ...]:
    """The names of what differs: `upgrade`, `downgrade`, `down_revision`, or another name of the module.

    Imports do not count by themselves, nor does a file that no longer reads.
    """
    try:
        old, new = (_parts(_bared(python.parse(each))) for each in (before, now))
    except Unreadable:
        return ()
    names = dict.fromkeys((*old, *new))
    return tuple(name for name in names if old.get(name) != new.get(name))


def changed_ways(before: Source, now: Source) -> tuple[str, ...]:
    """Which directions of a script have other statements: `upgrade`, `downgrade`."""
    old, new = (tuple(map(_said, parts_of(each.text))) for each in (before, now))
    return tuple(
        name for name, one, other in zip(("upgrade", "downgrade"), old, new, strict=True) if one != other
    )


def _said(parts: Iterable[str]) -> list[object]:
    """The statements of a script's parts, without where they stand; of what does not read the text."""
    try:
        return [
            [(each.kind, each.value) for each in found] for text in parts for found in sql.statements(text)
        ]
    except Unreadable:
        return list(parts)


def _parts(module: ast.Module) -> dict[str, str]:
    """Each name that the module defines, with its syntax; what is no definition is all under "the module"."""
    found: dict[str, str] = {}
    for name, value in _assignments(module):
        found[name] = _plain(name, value)
    rest = []
    for statement in module.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[statement.name] = ast.dump(statement)
        elif not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)):
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                rest.append(ast.dump(statement))
    if rest:
        found["the module"] = "\n".join(rest)
    return found


def _plain(name: str, value: ast.expr) -> str:
    """A value's syntax; of the graph's names a lone identifier and a tuple of one are the same."""
    if name in _GRAPH:
        if isinstance(value, (ast.Tuple, ast.List)):
            return (
                ast.dump(value.elts[0])
                if len(value.elts) == 1
                else ast.dump(ast.Tuple(value.elts, ast.Load()))
            )
    return ast.dump(value)


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield ast.unparse(target), statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield ast.unparse(statement.target), statement.value


def _bared(module: ast.Module) -> ast.Module:
    """The tree without docstrings and annotations, changed in place: nobody else has it."""
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
            node.body = [each for each in node.body if not _is_text(each)]
        elif isinstance(node, ast.arg):
            node.annotation = None
    return module


def _is_text(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)

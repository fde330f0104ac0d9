"""Which transaction the revisions of an env.py run in, as far as its calls say."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from runcrew_lint.documents import python
from runcrew_lint.documents.python import callee
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.facts import NOWHERE
from runcrew_lint.domains.migrations.installed import older
from runcrew_lint.text import Source, Span

_BEGINS = frozenset({"begin", "begin_twophase"})
_RUNS = frozenset({"run_migrations", "do_run_migrations", "run_sync", "configure"})


def outer(source: Source, node: ast.With | ast.AsyncWith | ast.Assign) -> Span:
    """Where a transaction begins on a connection or engine, and the revisions run in it.

    By a with statement; or its object is kept to be committed later, as Alembic's "multidb" template does.
    """
    if isinstance(node, ast.Assign):
        call = node.value
        kept = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and callee(call) in _BEGINS
        return python.span(source, call) if kept else NOWHERE
    for item in node.items:
        call = item.context_expr
        begins = (
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "begin"
        )
        if begins and any(name in _RUNS for name in _called(node.body)):
            return python.span(source, call)
    return NOWHERE


def _called(statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield callee(node)


def unseen(module: ast.Module) -> bool:
    """Whether the revisions are run by a function of another module, whatever transaction that begins."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    taken = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "alembic"
        for alias in node.names
    }
    return not any(
        callee(call) == "run_migrations"
        and (isinstance(call.func, ast.Attribute) or "run_migrations" in taken)
        for call in calls
    )


_AUTOBEGINS = frozenset({"run_sync", "create_async_engine", "async_engine_from_config", "AsyncEngine"})


def left_open(source: Source, module: ast.Module) -> Span:
    """Where it calls run_migrations() on a connection, and begin_transaction() nowhere around it.

    SQLAlchemy 1.4 commits each statement then, where `future=True` and an async engine do not ask for what
    SQLAlchemy 2 always does: which of the two is installed can't be seen here.
    """
    for function in _scopes(module):
        calls = {callee(call): call for call in _own_calls(function)}
        configured = calls.get("configure")
        runs = calls.get("run_migrations")
        if configured is None or runs is None or "begin_transaction" in calls:
            continue
        if any(each.arg == "connection" for each in configured.keywords) and _autobegins(module):
            return python.span(source, runs)
    return NOWHERE


def _autobegins(module: ast.Module) -> bool:
    """Whether its connection begins a transaction by itself, whatever the version of SQLAlchemy."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    return any(
        callee(call) in _AUTOBEGINS
        or any(each.arg == "future" and not is_off(each.value) for each in call.keywords)
        for call in calls
    )


def _scopes(module: ast.Module) -> list[ast.Module | ast.FunctionDef]:
    return [*(each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)), module]


_SENDS = frozenset({"execute", "exec_driver_sql", "scalar", "scalars"})


def begun(source: Source, module: ast.Module, reading: Reading) -> tuple[Span, bool]:
    """The first statement sent on a connection that `configure` is then given with nothing committed.

    With it whether it may not be sent. SQLAlchemy 2, "Working with Transactions and the DBAPI": the first
    statement begins a transaction. Alembic looks for one as it is configured.
    """
    for function in _scopes(module):
        sent: dict[str, list[ast.Call]] = {}
        for call in _own_calls(function):
            if callee(call) == "configure":
                for each in call.keywords:
                    if each.arg == "connection" and isinstance(each.value, ast.Name):
                        since = sent.get(each.value.id)
                        if since and (_autobegins(module) or not older(source, reading)):
                            may_not = all(_may_miss(function, one, call) for one in since)
                            return python.span(source, since[0]), may_not
            called = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(called, ast.Name):
                if callee(call) in _SENDS:
                    sent.setdefault(called.id, []).append(call)
                elif callee(call) in ("commit", "rollback"):
                    sent.pop(called.id, None)
    return NOWHERE, False


def _may_miss(scope: ast.Module | ast.FunctionDef, first: ast.Call, then: ast.Call) -> bool:
    """Whether the first call stands where it need not be come to, and the other one does not stand there."""
    for node in ast.walk(scope):
        if isinstance(node, (ast.If, ast.For, ast.While, ast.Try, ast.IfExp)):
            held = [each for each in ast.walk(node) if each is first or each is then]
            if held == [first]:
                return True
    return False


def _own_calls(scope: ast.Module | ast.FunctionDef) -> list[ast.Call]:
    """The calls of a scope in the order of the text, without those of the functions in it."""
    found, waiting = [], list(scope.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Call):
            found.append(node)
        waiting += ast.iter_child_nodes(node)  # type: ignore[arg-type]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def is_off(node: ast.expr) -> bool:
    """Whether an argument says no."""
    return isinstance(node, ast.Constant) and not node.value

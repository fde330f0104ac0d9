"""What a request's handler does, as far as the names in it tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from runcrew_lint.patterns import lazily

_QUERIES = frozenset(
    (
        *("execute", "exec", "scalar", "scalars", "scalar_one", "fetchval", "fetchone", "fetch_one", "fetch"),
        *("fetchrow", "connect", "acquire", "ping", "run_sync", "begin", "is_connected", "command", "count"),
    )
)
_SELECT = lazily(r"\s*select\s+(?:1|now|version)", re.IGNORECASE)
# Calls that hand nothing on: what an answer is made of.
_PLAIN = frozenset(
    (
        *("JSONResponse", "Response", "PlainTextResponse", "ORJSONResponse", "HTTPException", "dict", "str"),
        *(
            "int",
            "bool",
            "float",
            "list",
            "len",
            "time",
            "now",
            "utcnow",
            "isoformat",
            "text",
            "round",
            "print",
        ),
        *(
            "info",
            "debug",
            "warning",
            "error",
            "exception",
            "Depends",
            "getenv",
            "get",
            "perf_counter",
            "model_dump",
        ),
    )
)
_STATUS = lazily(r"(?:HTTP_)?(\d{3})(?:_|\Z)")
_WORDS = {"SERVICE_UNAVAILABLE": 503}


Function = ast.FunctionDef | ast.AsyncFunctionDef


class Handler:
    """One handler's verdicts.

    `touches`: a call that queries; `tells`: status codes; `swallows`: an `except` that answers as if all
    were well; `delegates`: a call whose body is not here.
    """

    def __init__(self, function: Function, module: Mapping[str, Sequence[Function]]) -> None:
        """`module` has the functions of the file by name, as `functions_of` gives them."""
        bodies = [function, *_local(function, module)]
        nodes = [node for body in bodies for each in body.body for node in ast.walk(each)]
        calls = [_name(node.func) for node in nodes if isinstance(node, ast.Call)]
        texts = [
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        self.touches = any(each in _QUERIES for each in calls) or any(_SELECT.match(each) for each in texts)
        self.tells = tuple(sorted({code for node in nodes for code in _codes(node)}))
        self.swallows = next(_swallows(nodes), None)
        models = {each for each in calls if each[:1].isupper()}
        self.delegates = any(
            each and each not in _PLAIN and each not in _QUERIES and each not in module and each not in models
            for each in calls
        )


def functions_of(tree: ast.Module) -> dict[str, list[Function]]:
    """A module's functions by name, in their order."""
    found: dict[str, list[Function]] = {}
    for each in tree.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(each.name, []).append(each)
    return found


def _local(function: Function, module: Mapping[str, Sequence[Function]]) -> list[Function]:
    """The functions of the same file that it calls, in their order."""
    called = {_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    there = [each for name in called for each in module.get(name, ()) if each is not function]
    return sorted(there, key=lambda each: each.lineno)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _codes(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and 100 <= node.value < 600:
        yield int(node.value)
    elif isinstance(node, ast.Attribute):
        if node.attr in _WORDS:
            yield _WORDS[node.attr]
        elif found := _STATUS.match(node.attr):
            yield int(found[1])


def _swallows(nodes: list[ast.AST]) -> Iterator[ast.ExceptHandler]:
    for node in nodes:
        if not isinstance(node, ast.ExceptHandler):
            continue
        inner = [each for statement in node.body for each in ast.walk(statement)]
        answers = any(isinstance(each, ast.Return) and each.value is not None for each in inner)
        raises = any(isinstance(each, ast.Raise) for each in inner)
        if answers and not raises and not any(code >= 400 for each in inner for code in _codes(each)):
            if not any(isinstance(each, ast.Call) and _name(each.func) not in _PLAIN for each in inner):
                yield node

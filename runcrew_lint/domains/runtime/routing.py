"""The routes of a FastAPI program, file by file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import lines_with, walk
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Holder, Import, Inclusion, Route, Routing
from runcrew_lint.domains.runtime.handler import Handler, functions_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_ASKED = frozenset(("GET", "HEAD"))
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
# The endpoints whose handlers are judged: a file that has no such word has none of them.
_HEALTH = ("health", "ready", "alive", "/status")
_HEALTH_WORD = lazily(r"\bping\b|live\b")
_JOINS = frozenset(("include_router", "add_api_route", "add_route", "mount"))
# Where something is made, joined, decorated or imported; the bodies of functions are passed over.
_TELLS = ("FastAPI", "APIRouter", "import", "@", *_JOINS)
# What an app or a router may be handed to without getting a route that anybody asks for.
_TAKERS = frozenset(
    (
        "FastAPI", "APIRouter", "AsyncClient", "ASGITransport", "CORSMiddleware", "Depends", "Instrumentator",
        "Mangum", "ProxyHeadersMiddleware", "SentryAsgiMiddleware", "TestClient", "add_pagination", "expose",
        "getattr", "hasattr", "id", "include_router", "instrument", "instrument_app", "isinstance", "mount",
        "print", "run", "serve", "setattr", "type",
    )
)  # fmt: skip
_FILES = ("StaticFiles",)  # mounted files answer below their own prefix alone


def read(source: Source, _reading: Reading) -> Routing | None:
    """What one file serves and joins, or nothing where it does neither.

    A file that does not parse, such as one for a newer Python, joins nothing: what includes it is not whole.
    """
    try:
        tree = source.derive(python.parse)
    except Unreadable:
        return None
    reader = _Reader(source, tree)
    nodes = list(walk(tree, lines_with(source, _TELLS)))
    for node in nodes:
        reader.take(node)
    reader.is_open = reader.is_open or any(_is_handed_on(source.text, each.name) for each in reader.holders)
    if not reader.holders and not reader.routes and not reader.inclusions and not reader.is_open:
        return None
    return Routing(
        source.path,
        tuple(reader.holders),
        tuple(reader.routes),
        tuple(reader.inclusions),
        tuple(_imports(source.path, nodes)),
        reader.is_open,
        tuple(reader.debugging),
    )


class _Reader:
    """Collects from one tree."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.source, self.functions = source, functions_of(tree)
        self.holders: list[Holder] = []
        self.routes: list[Route] = []
        self.inclusions: list[Inclusion] = []
        self.is_open = False
        self.tells_health = _tells_health(source.text.lower())
        self.debugging: list[Span] = []

    def take(self, node: ast.AST) -> None:
        """One node of the tree."""
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
            self._holder(targets, node.value)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                self._route(decorator, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self._joined(node, node.func)

    def _holder(self, targets: list[ast.expr], call: ast.Call) -> None:
        name = _last(call.func)
        if name not in ("FastAPI", "APIRouter"):
            return
        for word in call.keywords:
            if word.arg == "debug" and isinstance(word.value, ast.Constant) and word.value.value is True:
                self.debugging.append(python.span(self.source, word.value))
        for target in targets:
            if isinstance(target, ast.Name):
                span = python.span(self.source, call.func)
                prefix = _keyword(call, "prefix") if name == "APIRouter" else ""
                self.holders.append(Holder(target.id, name == "FastAPI", prefix, span))

    def _route(self, decorator: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
            return
        method, owner = decorator.func.attr, decorator.func.value
        if method not in (*_METHODS, "api_route", "route") or not isinstance(owner, ast.Name):
            return
        methods = (method.upper(),) if method in _METHODS else _listed(decorator)
        path = _first(decorator, "path")
        span = python.span(self.source, decorator)
        if not self.tells_health or (methods and not _ASKED.intersection(methods)):
            # nobody asks what such a handler does
            self.routes.append(Route(owner.id, methods, path, span, True, (503,), None, True))
            return
        handler = Handler(function, self.functions)
        self.routes.append(
            Route(
                owner.id,
                methods,
                path,
                span,
                handler.touches,
                handler.tells,
                python.span(self.source, handler.swallows) if handler.swallows else None,
                handler.delegates,
            )
        )

    def _joined(self, call: ast.Call, function: ast.Attribute) -> None:
        if function.attr not in _JOINS or not call.args:
            return
        owner = ast.unparse(function.value)
        if function.attr == "include_router":
            target = call.args[0]
            if not isinstance(target, ast.Name | ast.Attribute):
                self.is_open = True
                return
            self.inclusions.append(Inclusion(owner, ast.unparse(target), _keyword(call, "prefix"), False))
        elif function.attr in ("add_api_route", "add_route"):
            path = _first(call, "path")
            span = python.span(self.source, function)
            self.routes.append(Route(owner, _listed(call), path, span, True, (503,), None, True))
        elif len(call.args) > 1:
            if isinstance(call.args[1], ast.Call) and _last(call.args[1].func) in _FILES:
                return
            mounted = ast.unparse(call.args[1])
            self.inclusions.append(Inclusion(owner, mounted, _first(call, "path"), True))


def _tells_health(low: str) -> bool:
    if any(word in low for word in _HEALTH):
        return True
    return ("ping" in low or "live" in low) and _HEALTH_WORD.search(low) is not None


def _is_handed_on(text: str, name: str) -> bool:
    """Whether a function that may add routes is given the app or router, as in `setup_app(app, "crew")`."""
    given = re.finditer(rf"(?<![\w.])(def\s+)?(?:\w+\.)*(\w+)\(\s*{re.escape(name)}\s*[,)]", text)
    return any(not each[1] and each[2] not in _TAKERS for each in given)


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _keyword(call: ast.Call, name: str) -> str | None:
    """A keyword's text; "" where it is not given, None where it is made when the program runs."""
    if any(each.arg is None for each in call.keywords):
        return None
    value = next((each.value for each in call.keywords if each.arg == name), None)
    if value is None:
        return ""
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _first(call: ast.Call, name: str) -> str | None:
    if not call.args:
        return _keyword(call, name) or None
    value = call.args[0]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _listed(call: ast.Call) -> tuple[str, ...]:
    value = next((each.value for each in call.keywords if each.arg == "methods"), None)
    if value is None:
        return ("GET",)
    if not isinstance(value, ast.List | ast.Tuple | ast.Set):
        return ()
    return tuple(str(each.value).upper() for each in value.elts if isinstance(each, ast.Constant))


def _imports(path: str, nodes: Iterable[ast.AST]) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.asname or alias.name, alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            module = _module(path, node)
            for alias in node.names:
                yield Import(alias.asname or alias.name, module, alias.name)


def _module(path: str, node: ast.ImportFrom) -> str:
    """The module's full name; a relative one begins at the file's own folder, from the root."""
    if not node.level:
        return node.module or ""
    folders = path.split("/")[:-1]
    kept = folders[: len(folders) - (node.level - 1)]
    return ".".join((*kept, *filter(None, (node.module,))))

"""On which port a program listens, as its own code says: `app.listen(3000)`, `uvicorn.run(app, port=8000)`.

Sources: the documentation of Node (`server.listen`), Express, Nest, Koa, Fastify, Hono and Bun (`serve`), and
of Uvicorn (`uvicorn.run`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from runcrew_lint.documents import python, typescript
from runcrew_lint.documents.python_walk import lines_with, walk
from runcrew_lint.documents.typescript import Tree
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Listen, Listening
from runcrew_lint.model.errors import NotLinted, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, number_of

_CALL = lazily(r"(?:\.listen|(?<![\w$])serve)(?=\()")
_DEEP = 8  # names that stand for names, and calls around them
_MOST = 8  # calls in one file: no program opens more ports
_LONGEST = 100_000  # characters: nobody wrote more into the file that starts a program, a bundler did
_PORT = lazily(r"\d{2,5}\Z")
_UVICORN = 8000  # where nothing is said
_NUMBERS = ("Number", "parseInt", "Number.parseInt", "int", "str")

Said = tuple[int | None, str]  # a port, or None; and the variable that may say another
_UNKNOWN: Said = (None, "")


def read(source: Source, _reading: Reading) -> Listening | None:
    """The ports of one file, or nothing where it opens none."""
    if len(source.text) > _LONGEST:
        return None
    try:
        found = tuple(_python(source) if source.path.endswith(".py") else _script(source))
    except (Unreadable, NotLinted):
        return None
    return Listening(source.path, found) if found else None


def _script(source: Source) -> Iterator[Listen]:
    calls = list(_CALL.finditer(source.text))
    if not 0 < len(calls) <= _MOST:
        return
    tree: Tree = source.derive(typescript.parse)
    for found in calls:
        node = tree.at(found.start(), found.end())
        while node is not None and node.type in ("property_identifier", "identifier", "member_expression"):
            node = node.parent
        if node is None or node.type != "call_expression" or tree.span(node).start > found.start():
            continue
        handed = node.child_by_field_name("arguments")
        first = next(iter(handed.named_children), None) if handed is not None else None
        name = tree.text(node.child_by_field_name("function"))
        if first is None or (name.rpartition(".")[2] == "serve" and not _is_server(tree, first)):
            continue
        port, variable = _of_node(tree, first)
        yield Listen(port, variable, tree.span(node), f"`{name}`" if len(name) < 40 else "the program")


def _is_server(tree: Tree, node: Any) -> bool:
    """Whether `serve` is handed what answers requests, and a port: Hono's and Bun's."""
    return node.type == "object" and {"fetch", "port"} <= {_key(tree, each) for each in node.named_children}


def _key(tree: Tree, node: Any) -> str:
    named = node.child_by_field_name("key") or node.child_by_field_name("name")
    return tree.text(named if named is not None else node).strip("'\"")


def _of_node(tree: Tree, node: Any, deep: int = _DEEP) -> Said:
    """What an expression of JavaScript comes to as a port."""
    if node is None or not deep:
        return _UNKNOWN
    if node.type in ("number", "string"):
        return _literal(tree.text(node).strip("'\"`"))
    if node.type in ("parenthesized_expression", "as_expression", "non_null_expression", "unary_expression"):
        return _of_node(tree, next(iter(node.named_children), None), deep - 1)
    if node.type == "call_expression":
        handed = node.child_by_field_name("arguments")
        if tree.text(node.child_by_field_name("function")) in _NUMBERS and handed is not None:
            return _of_node(tree, next(iter(handed.named_children), None), deep - 1)
    if node.type == "binary_expression" and tree.text(node.child_by_field_name("operator")) in ("||", "??"):
        left = _of_node(tree, node.child_by_field_name("left"), deep - 1)
        right = _of_node(tree, node.child_by_field_name("right"), deep - 1)
        return (right[0], left[1]) if left[1] and left[0] is None and not right[1] else _UNKNOWN
    if node.type == "member_expression" and tree.text(node.child_by_field_name("object")) == "process.env":
        return None, tree.text(node.child_by_field_name("property"))
    if node.type == "identifier":
        return _of_node(tree, _only_value(tree, tree.text(node)), deep - 1)
    if node.type == "object":
        given = next((each for each in node.named_children if _key(tree, each) == "port"), None)
        if given is not None and given.type == "pair":
            return _of_node(tree, given.child_by_field_name("value"), deep - 1)
        if given is not None:
            return _of_node(tree, _only_value(tree, "port"), deep - 1)
    return _UNKNOWN


def _only_value(tree: Tree, name: str) -> Any:
    """What the one declaration of a name in the file gives it; None where it is set anywhere else."""
    found, stack = [], [tree.root]
    while stack:
        node = stack.pop()
        if node.type == "variable_declarator":
            named = node.child_by_field_name("name")
            if named is not None and tree.text(named) == name:
                found.append(node.child_by_field_name("value"))
        elif node.type in ("assignment_expression", "augmented_assignment_expression"):
            left = node.child_by_field_name("left")
            if left is not None and tree.text(left) == name:
                return None
        elif node.type in ("required_parameter", "optional_parameter"):
            named = node.child_by_field_name("pattern")
            if named is not None and tree.text(named) == name:
                return None
        stack += node.named_children
    return found[0] if len(found) == 1 else None


def _literal(text: str) -> Said:
    return (number_of(text), "") if _PORT.match(text) else _UNKNOWN


def _python(source: Source) -> Iterator[Listen]:
    tree = source.derive(python.parse)
    values = _values(tree)
    for node in walk(tree, lines_with(source, ("uvicorn.run",))):
        if not (isinstance(node, ast.Call) and _called(node) == "uvicorn.run"):
            continue
        given = next((each.value for each in node.keywords if each.arg == "port"), None)
        hidden = any(each.arg in (None, "uds", "fd") for each in node.keywords)
        port, variable = _of_ast(given, values) if given is not None else (_UVICORN, "")
        if hidden:
            port, variable = _UNKNOWN
        yield Listen(port, variable, python.span(source, node), "`uvicorn.run`")


def _called(call: ast.Call) -> str:
    """What is called, with the module in front; "" for what is called by no such name."""
    if not isinstance(call.func, ast.Attribute):
        return getattr(call.func, "id", "")
    holder = call.func.value
    if isinstance(holder, ast.Attribute) and isinstance(holder.value, ast.Name):
        return f"{holder.value.id}.{holder.attr}.{call.func.attr}"
    return f"{holder.id}.{call.func.attr}" if isinstance(holder, ast.Name) else ""


def _values(tree: ast.Module) -> dict[str, ast.expr | None]:
    """What the module's own names hold; None for one that is given a value twice."""
    found: dict[str, ast.expr | None] = {}
    for node in ast.walk(tree):
        targets: Iterable[ast.expr] = ()
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = (node.target,)
        for each in targets:
            if isinstance(each, ast.Name):
                value = None if isinstance(node, ast.AugAssign) else getattr(node, "value", None)
                found[each.id] = None if each.id in found else value
    return found


def _of_ast(node: ast.expr | None, values: dict[str, ast.expr | None], deep: int = _DEEP) -> Said:
    """What an expression of Python comes to as a port."""
    if not deep:
        return _UNKNOWN
    if isinstance(node, ast.Constant):
        return _literal(str(node.value))
    if isinstance(node, ast.Name):
        return _of_ast(values.get(node.id), values, deep - 1)
    if isinstance(node, ast.Call):
        name = _called(node)
        if name in _NUMBERS and len(node.args) == 1:
            return _of_ast(node.args[0], values, deep - 1)
        if name in ("os.getenv", "os.environ.get", "getenv", "environ.get") and node.args:
            asked = node.args[0]
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                port, other = _of_ast(node.args[1], values, deep - 1) if len(node.args) > 1 else _UNKNOWN
                return _UNKNOWN if other else (port, asked.value)
    return _UNKNOWN

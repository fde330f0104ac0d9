"""Python's pairs, by `ast`: assignments, keywords, dict items, defaults of settings and lookups."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.text import Source, Span

# Calls whose literal argument is the value itself.
_WRAPPERS = frozenset(
    {
        "Field",
        "SecretStr",
        "SecretBytes",
        "Secret",
        "str",
        "bytes",
        "field",
        "mapped_column",
        "Column",
        "b64decode",
    }
)
_PASSING = frozenset({"encode", "decode", "strip", "format"})
_GIVING = (
    ast.Assign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.Dict,
    ast.Call,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.Compare,
)
_WITHOUT_PLACE = (ast.arguments, ast.comprehension, ast.match_case, ast.withitem)
_SHOWN = ("example", "examples")
_DEFAULTS = frozenset({"default", "value", "fallback", "server_default"})


def pairs(source: Source, is_secret: Callable[[str], bool], offsets: Iterable[int]) -> Iterator[Pair]:
    """The literals that the module gives to names for which `is_secret` answers True.

    Only what spans one of `offsets`, where such names stand, is looked at.

    Errors:
        SyntaxError, ValueError, RecursionError or MemoryError where `ast` gives up.
    """
    lines = sorted({source.position(offset).line for offset in offsets})
    yield from _Reader(source, is_secret, lines).body(ast.parse(source.text))


class _Reader:
    def __init__(self, source: Source, is_secret: Callable[[str], bool], lines: list[int]) -> None:
        self.source, self.is_secret, self.lines = source, is_secret, lines

    def body(self, top: ast.Module) -> Iterator[Pair]:
        stack: list[tuple[ast.AST, tuple[str, ...]]] = [(top, ())]
        while stack:
            node, keys = stack.pop()
            if isinstance(node, _GIVING):
                yield from self.at(node, keys)
            if isinstance(node, ast.ClassDef):
                keys = (*keys, node.name)
            elif isinstance(node, ast.keyword) and node.arg in _SHOWN:
                keys = (*keys, node.arg)
            shown = _shown_in(node) if isinstance(node, ast.Dict) else {}
            stack.extend(
                (child, (*keys, shown[child]) if child in shown else keys)
                for child in ast.iter_child_nodes(node)
                if self.is_near(child)
            )

    def is_near(self, node: ast.AST) -> bool:
        """Whether a secret's name stands on the node's lines."""
        start = getattr(node, "lineno", None)
        if start is None:
            return isinstance(node, _WITHOUT_PLACE)
        near = bisect_left(self.lines, start)
        return near < len(self.lines) and self.lines[near] <= (getattr(node, "end_lineno", None) or start)

    def at(self, node: ast.AST, keys: tuple[str, ...]) -> Iterator[Pair]:
        for name, value in _named_values(node):
            if value is not None and name and self.is_secret(name):
                for literal in _literals(value):
                    yield self.pair(name, literal, keys)

    def pair(self, name: str, literal: ast.expr, keys: tuple[str, ...]) -> Pair:
        first, last = _ends(literal)
        start = self.source.offset_of_bytes(first.lineno, first.col_offset)
        end = self.source.offset_of_bytes(last.end_lineno or last.lineno, last.end_col_offset or 0)
        return Pair(name, _text(literal) or "", _inside(self.source.text, start, end), keys)


def _shown_in(node: ast.Dict) -> dict[ast.AST, str]:
    """What stands under `example` in a dict, as OpenAPI has it."""
    found = ((_text(key) if key else None, value) for key, value in zip(node.keys, node.values, strict=True))
    return {value: key for key, value in found if key in _SHOWN}


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names and the expressions that they are given at one node."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for each, value in zip(target.elts, node.value.elts, strict=False):
                    yield _target(each), value
            else:
                yield _target(target), node.value
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        yield _target(node.target), node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield _text(key) or "", value
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield keyword.arg or "", keyword.value
        first = _text(node.args[0]) if node.args else None
        if first and len(first) < 100:
            if len(node.args) > 1:
                yield first, node.args[1]
            for keyword in node.keywords:
                if keyword.arg in _DEFAULTS:
                    yield first.lstrip("-"), keyword.value
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        for argument, default in zip(reversed(positional), reversed(given.defaults), strict=False):
            yield argument.arg, default
        for argument, kw_default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            yield argument.arg, kw_default
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        yield _target(node.left), node.comparators[0]


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _text(node.slice) or ""
    return ""


def _literals(node: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
    """The literal strings that an expression may come to; a lookup or a call of any other kind has none."""
    if depth > 8:
        return
    if _text(node) is not None:
        yield node
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _literals(each, depth + 1)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, depth + 1)
        yield from _literals(node.orelse, depth + 1)
    elif isinstance(node, ast.Await):
        yield from _literals(node.value, depth + 1)
    elif isinstance(node, ast.Call):
        yield from _called(node, depth + 1)


def _called(node: ast.Call, depth: int) -> Iterator[ast.expr]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _PASSING:
        yield from _literals(node.func.value, depth)
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in _WRAPPERS:
        if node.args:
            yield from _literals(node.args[0], depth)
        for keyword in node.keywords:
            if keyword.arg in _DEFAULTS:
                yield from _literals(keyword.value, depth)
    elif name in ("getenv", "get", "config", "env", "str", "getattr", "pop") and len(node.args) > 1:
        yield from _literals(node.args[-1], depth)
    elif any(keyword.arg in _DEFAULTS for keyword in node.keywords):
        for keyword in node.keywords:
            if keyword.arg in _DEFAULTS:
                yield from _literals(keyword.value, depth)


def _text(node: ast.expr | None) -> str | None:
    """A string that is written out, whole or joined by `+`; an f-string with a part to fill is none."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, bytes):
            return node.value.decode("latin-1")
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pieces: list[str] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            right = _text(node.right)
            if right is None:
                return None
            pieces.append(right)
            node = node.left
        left = _text(node)
        return None if left is None else left + "".join(reversed(pieces))
    if _is_join(node):
        parts = [_text(each) for each in node.args[0].elts]  # type: ignore[union-attr]
        return None if None in parts else "".join(part or "" for part in parts)
    if isinstance(node, ast.JoinedStr):
        parts = [_text(value) for value in node.values]
        return None if None in parts else "".join(part or "" for part in parts)
    return None


def _is_join(node: ast.expr | None) -> bool:
    """Whether it is `"".join([...])` of a list that is written out."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and isinstance(node.func.value, ast.Constant)
        and node.func.value.value == ""
        and len(node.args) == 1
        and isinstance(node.args[0], ast.List | ast.Tuple)
    )


def _ends(node: ast.expr) -> tuple[ast.expr, ast.expr]:
    """The first and the last of the pieces that a value is made of."""
    if _is_join(node):
        pieces: list[ast.expr] = node.args[0].elts  # type: ignore[attr-defined]
        return (pieces[0], pieces[-1]) if pieces else (node, node)
    return node, node


def _inside(text: str, start: int, end: int) -> Span:
    """A literal's characters without its prefix and quotes."""
    while start < end and text[start].isalpha():
        start += 1
    width = 3 if text.startswith(('"""', "'''"), start) and end - start >= 6 else 1
    return Span(start + width, max(start + width, end - width))

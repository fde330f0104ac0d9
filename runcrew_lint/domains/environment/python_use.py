"""Python: os.environ and its aliases, pydantic's settings, environs, decouple and Starlette's config."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from runcrew_lint.documents import python
from runcrew_lint.domains.environment import python_settings
from runcrew_lint.domains.environment.facts import EnvUse, Read, Way
from runcrew_lint.text import Source, Span

_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_GETS = frozenset({"get", "pop", "setdefault", "__getitem__"})
# Objects that answer calls with a variable's value: environs, django-environ, Starlette, decouple.
_ASKED = {"Env": ("environs", "environ"), "FileAwareEnv": ("environ",), "Config": ("starlette", "decouple")}
_DEFAULTS = frozenset({"default", "fallback"})
_WALKS = frozenset({"items", "keys", "values"})


def read(source: Source) -> EnvUse:
    """The module's reads.

    Errors:
        Unreadable where it is no Python.
    """
    reader = _Reader(source)
    tree = source.derive(python.parse)
    reader.learn(tree)
    reads = [*reader.reads(tree), *python_settings.reads(source, tree)]
    # What is looked up softly beside is asked for only where it is set.
    soft = {each.name for each in reads if not each.is_required}
    reads = [each._replace(is_required=each.is_required and each.name not in soft) for each in reads]
    seen: dict[tuple[str, Span], Read] = {(each.name, each.span): each for each in reads}
    return EnvUse(source.path, tuple(seen.values()), (), tuple(reader.dynamic))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.mappings = {"os.environ"}  # expressions that are the environment
        self.getters = {"os.getenv"}
        self.asked: set[str] = set()
        self.dynamic: list[Span] = []

    def learn(self, tree: ast.Module) -> None:
        """The names under which the module knows the environment."""
        modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == "os" and alias.asname:
                        self.mappings.add(f"{alias.asname}.environ")
                        self.getters.add(f"{alias.asname}.getenv")
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    own = alias.asname or alias.name
                    modules[own] = f"{node.module}.{alias.name}"
                    if node.module == "os" and alias.name in ("environ", "environb"):
                        self.mappings.add(own)
                    elif node.module == "os" and alias.name == "getenv":
                        self.getters.add(own)
                    elif node.module == "decouple" and alias.name == "config":
                        self.asked.add(own)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._alias(_dotted(node.targets[0]), node.value, modules)

    def _alias(self, target: str, value: ast.expr, modules: dict[str, str]) -> None:
        if not target:
            return
        if _dotted(value) in self.mappings:
            self.mappings.add(target)
        elif _dotted(value) in self.getters:
            self.getters.add(target)
        elif isinstance(value, ast.Call):
            name = _dotted(value.func)
            last = name.rpartition(".")[2]
            home = modules.get(name, name)
            if last in _ASKED and home.split(".")[0] in _ASKED[last]:
                self.asked.add(target)

    def reads(self, tree: ast.Module) -> Iterator[Read]:
        """What a module does when it is run by itself is no part of the program that imports it."""
        stack: list[tuple[ast.AST, bool, bool]] = [(tree, True, False)]
        while stack:
            node, at_import, by_itself = stack.pop()
            for read in self._at(node):
                yield read._replace(
                    is_open=read.is_open and not by_itself,
                    is_required=read.is_required and at_import and not by_itself,
                )
            at_import = at_import and not isinstance(node, _LATER)
            by_itself = by_itself or _is_main(node)
            stack.extend((child, at_import, by_itself) for child in ast.iter_child_nodes(node))

    def _at(self, node: ast.AST) -> Iterator[Read]:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if _dotted(node.value) in self.mappings:
                yield from self._named(node.slice, is_open=True, is_required=True)
        elif isinstance(node, ast.Call):
            yield from self._called(node)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In):
            if _dotted(node.comparators[0]) in self.mappings:
                yield from self._named(node.left, is_open=False)

    def _called(self, node: ast.Call) -> Iterator[Read]:
        name = _dotted(node.func)
        owner, _, method = name.rpartition(".")
        if owner in self.mappings and method in _WALKS:
            self.dynamic.append(python.span(self.source, node))
        elif node.args and (name in self.getters or (owner in self.mappings and method in _GETS)):
            yield from self._named(node.args[0], is_open=not _has_default(node))
        elif node.args and (name in self.asked or owner in self.asked):
            needed = not _has_default(node)
            yield from self._named(node.args[0], is_open=needed, is_required=needed)

    def _named(self, node: ast.expr, *, is_open: bool, is_required: bool = False) -> Iterator[Read]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _NAME.match(node.value):
                yield Read(node.value, python.span(self.source, node), Way.PYTHON, is_open, is_required)
        elif not isinstance(node, ast.Constant):
            self.dynamic.append(python.span(self.source, node))


def _is_main(node: ast.AST) -> bool:
    """Whether it is `if __name__ == "__main__":`."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and node.test.left.id == "__name__"
    )


def _has_default(node: ast.Call) -> bool:
    return len(node.args) > 1 or any(keyword.arg in _DEFAULTS for keyword in node.keywords)


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""

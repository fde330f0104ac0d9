"""Python: os.environ and its aliases, pydantic's settings, environs, decouple and Starlette's config."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence, Set

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import children, lines_with, parsed, walk
from runcrew_lint.domains.environment import python_settings
from runcrew_lint.domains.environment.facts import EnvUse, Read, Way
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_NAME = lazily(r"[A-Za-z_]\w*\Z")
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_GETS = frozenset({"get", "pop", "setdefault", "__getitem__"})
# Objects that answer calls with a variable's value: environs, django-environ, Starlette, decouple.
_ASKED = {"Env": ("environs", "environ"), "FileAwareEnv": ("environ",), "Config": ("starlette", "decouple")}
_DEFAULTS = frozenset({"default", "fallback"})
_WALKS = frozenset({"items", "keys", "values"})
# The statements by which a module comes to know the environment, its aliases aside: `environ` and `getenv`.
_SOURCES = ("environ", "getenv", "decouple", "Env", "Config")
_ENVIRON, _GETENV = re.compile(r"environ[bs]?(?!\w)"), re.compile(r"getenv(?!\w)")
_OS = lazily(r"\bos\b")
_OS_AS = lazily(r"os[\s\\]+as")
_SETTINGS = "BaseSettings"


def read(source: Source) -> EnvUse:
    """The module's reads.

    Errors:
        Unreadable where it is no Python.
    """
    if not _may_ask(source.text):
        return EnvUse(source.path, (), ())  # most files: they are not even parsed
    reader, tree, lines = _learnt(source)
    reads = list(reader.reads(tree, lines))
    if _SETTINGS in source.text:
        reads += python_settings.reads(source, tree)
    # What is looked up softly beside is asked for only where it is set.
    soft = {each.name for each in reads if not each.is_required}
    reads = [each._replace(is_required=each.is_required and each.name not in soft) for each in reads]
    seen: dict[tuple[str, Span], Read] = {(each.name, each.span): each for each in reads}
    return EnvUse(source.path, tuple(seen.values()), (), tuple(reader.dynamic))


def _may_ask(text: str) -> bool:
    """Whether a text has all the words that one of the ways to a variable takes."""
    if _ENVIRON.search(text) or _GETENV.search(text):
        if "Env" in text or _OS.search(text):
            return True
    if "starlette" in text and "Config" in text:
        return True
    return _SETTINGS in text or "decouple" in text


def _learnt(source: Source) -> tuple[_Reader, ast.Module, list[int]]:
    """A reader that knows the module's names for the environment, aliases of aliases among them, with the
    statements that have one and their lines.
    """
    more = {source.position(found.start()).line for found in _OS_AS.finditer(source.text)}
    if _SETTINGS in source.text:
        more.update(lines_with(source, ("class",)))
    words = {*_SOURCES, *_Reader(source).words}
    while True:
        lines = sorted(more.union(_lines(source, words)))
        tree = parsed(source, lines)
        reader = _Reader(source)
        reader.learn(tree, lines)
        if reader.words <= words:
            return reader, tree, lines
        words |= reader.words


def _lines(source: Source, words: Set[str]) -> list[int]:
    if all(word.isascii() for word in words):
        return lines_with(source, words)
    return list(range(1, len(source.line_starts) + 1))  # Python reads such a name in several spellings


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.mappings = {"os.environ"}  # expressions that are the environment
        self.getters = {"os.getenv"}
        self.asked: set[str] = set()
        self.dynamic: list[Span] = []

    @property
    def words(self) -> frozenset[str]:
        """The last word of each name for the environment, or for what answers for it: whoever uses it
        writes it.
        """
        names = (*self.mappings, *self.getters, *self.asked)
        return frozenset(each.rpartition(".")[2] for each in names)

    def learn(self, tree: ast.Module, lines: Sequence[int]) -> None:
        """The names under which the module knows the environment, as far as these lines tell."""
        modules: dict[str, str] = {}
        assignments: list[ast.Assign] = []
        for node in walk(tree, lines):
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
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                assignments.append(node)
        for each in assignments:
            self._alias(_dotted(each.targets[0]), each.value, modules)

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

    def reads(self, tree: ast.Module, lines: Sequence[int]) -> Iterator[Read]:
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
            stack.extend((child, at_import, by_itself) for child in children(node, lines))

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

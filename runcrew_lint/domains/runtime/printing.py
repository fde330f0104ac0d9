"""Where Python code prints, or sets up the standard library's log."""

from __future__ import annotations

import ast
import re

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import lines_with, parsed, walk
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Printing, Speaking
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_NAMES = ("print", "basicConfig")
# Not by a word's boundary first: a pattern that begins with a letter is searched for ten times as fast.
_CALLS = (re.compile(r"print\s*\("), re.compile(r"basicConfig\s*\("))
# What a module has that is run by hand: it is the main one, or takes arguments.
_SCRIPT = tuple(
    re.compile(pattern)
    for pattern in (
        r"__name__\s*==\s*['\"]__main__['\"]",
        r"argparse\b(?<!\wargparse)",
        r"import (?:click|typer)\b(?<!\wimport .....)",
        r"from (?:click|typer)\b(?<!\wfrom .....)",
    )
)
# Folders of what is run by hand.
_APART = frozenset(
    ("scripts", "alembic", "migrations", "versions", "cli", "tools", "bin", "seeds", "notebooks")
)


def read(source: Source, _reading: Reading) -> Printing | None:
    """The calls of one file, or nothing where there is none: scripts, tests and examples may print."""
    if not _APART.isdisjoint(source.path.split("/")[:-1]) or is_aside(source.path):
        return None
    if not any(call.search(source.text) for call in _CALLS) or _is_script(source.text):
        return None
    lines = lines_with(source, _NAMES)
    try:
        tree = parsed(source, lines)
    except Unreadable:
        return None
    calls = tuple(
        Speaking(name, python.span(source, node.func))
        for node in walk(tree, lines)
        if isinstance(node, ast.Call) and (name := _name(node.func))
    )
    return Printing(source.path, calls) if calls else None


def _is_script(text: str) -> bool:
    """Whether a person runs it: by its first line, under `__main__`, or with arguments."""
    return text.startswith("#!") or any(pattern.search(text) for pattern in _SCRIPT)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id if node.id in ("print", "basicConfig") else ""
    if isinstance(node, ast.Attribute) and node.attr == "basicConfig":
        return "logging.basicConfig" if isinstance(node.value, ast.Name) else ""
    return ""

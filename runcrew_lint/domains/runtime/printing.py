"""Where Python code prints, or sets up the standard library's log."""

from __future__ import annotations

import ast
import re

from runcrew_lint.documents import python
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Printing, Speaking
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_CALL = re.compile(r"\bprint\s*\(|\bbasicConfig\s*\(")
_SCRIPT = re.compile(
    r"__name__\s*==\s*['\"]__main__['\"]|\A#!|\bargparse\b|\b(?:import|from) (?:click|typer)\b"
)


def read(source: Source, _reading: Reading) -> Printing | None:
    """The calls of one file, or nothing where there is none."""
    if not _CALL.search(source.text):
        return None
    try:
        tree = source.derive(python.parse)
    except Unreadable:
        return None
    calls = tuple(
        Speaking(name, python.span(source, node.func))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := _name(node.func))
    )
    return Printing(source.path, calls, bool(_SCRIPT.search(source.text))) if calls else None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id if node.id in ("print", "basicConfig") else ""
    if isinstance(node, ast.Attribute) and node.attr == "basicConfig":
        return "logging.basicConfig" if isinstance(node.value, ast.Name) else ""
    return ""

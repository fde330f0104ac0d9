"""Which database an env.py connects to, as far as it says so itself."""

from __future__ import annotations

import ast
import re

from runcrew_lint.documents.python import callee
from runcrew_lint.domains.migrations.dialect import by_url
from runcrew_lint.patterns import lazily

UNKNOWN = "?"
_ENGINES = frozenset({"create_engine", "create_async_engine"})
_FROM_SETTINGS = frozenset({"engine_from_config", "async_engine_from_config"})
_ASKS = frozenset({"get_main_option", "get_section_option", "get"})
_ELSEWHERE = frozenset({"attributes", "set_main_option", "set_section_option"})


def types(module: ast.Module) -> str:
    """The one database whose types it imports."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    paths = {f"{node.module}.{each.name}" for node in imports for each in node.names}
    packages = {path.split(".")[2] for path in paths if path.startswith("sqlalchemy.dialects.")}
    return by_url(f"{packages.pop()}://") if len(packages) == 1 else ""


def dialect(module: ast.Module) -> str:
    """The database that it connects to: a literal's, "" for that of the settings, "?" for one not known."""
    asked, urls, settled = set(), set(), False
    for node in ast.walk(module):
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in _ELSEWHERE:
                return UNKNOWN
        elif isinstance(node, ast.Call):
            name = callee(node)
            first = node.args[0] if node.args else None
            text = first.value if isinstance(first, ast.Constant) else None
            if name in _ASKS:
                asked.add(id(first))
            elif name in _ENGINES:
                urls.add(by_url(text) if isinstance(text, str) else "")
            given = any(each.arg == "url" for each in node.keywords)
            settled = settled or (name in _FROM_SETTINGS and not given)
    told = any(
        isinstance(node, ast.Constant) and node.value == "sqlalchemy.url" and id(node) not in asked
        for node in ast.walk(module)
    )
    if urls or told or not settled:
        return urls.pop() or UNKNOWN if len(urls) == 1 and not told and not settled else UNKNOWN
    return ""


# An identifier, or a text of one word, that names a database beside PostgreSQL.
_OTHER = lazily(r"(?:\b|_)(?P<name>mysql|mariadb|sqlite|oracle|mssql)(?:\b|_)", re.IGNORECASE)


def others(module: ast.Module) -> tuple[str, ...]:
    """The databases beside PostgreSQL that it does something for."""
    words = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value if len(node.value.split()) == 1 else "")
        elif isinstance(node, (ast.Name, ast.Attribute)):
            words.add(node.id if isinstance(node, ast.Name) else node.attr)
    return tuple(sorted({each["name"].lower() for word in words for each in _OTHER.finditer(word)}))

"""Which variables a file reads and gives, whatever it is written in: one reader a language."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from runcrew_lint.domains.environment.facts import EnvUse
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

# What a file's name ends in, and the module that reads it; imported when the first such file is met.
_MODULES = (
    ((".py",), "python_use"),
    ((".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"), "script_use"),
    ((".sh", ".bash"), "shell_use"),
    ((".rb", "fastfile", "appfile", "matchfile", ".gradle", ".kts"), "line_use"),
    ((".tf",), "line_use"),
    ((".yml", ".yaml", ".json"), "tree_use"),
)


def read(source: Source, _reading: Reading) -> EnvUse | None:
    """The variables of one file, or None where it has none; one that does not parse is another rule's."""
    name = source.path.rpartition("/")[2].lower()
    module = next((module for endings, module in _MODULES if name.endswith(endings)), "image_use")
    reader: Callable[[Source], EnvUse] = import_module(f"runcrew_lint.domains.environment.{module}").read
    try:
        found = reader(source)
    except Unreadable:
        return None
    return found if found.reads or found.given or found.dynamic else None

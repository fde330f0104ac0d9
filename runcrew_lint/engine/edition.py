"""Which edition of the linter, its parsers and Python read a file: another one's facts are not asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from runcrew_lint import __version__
from runcrew_lint.data import data_path, is_checkout
from runcrew_lint.digests import blake2b

PARSERS = (
    "ahocorasick_rs",
    "jsonschema",
    "jsonschema_rs",
    "libcst",
    "tree_sitter",
    "tree_sitter_bash",
    "tree_sitter_dart",
    "tree_sitter_hcl",
    "tree_sitter_typescript",
    "yaml",
)


@cache
def edition() -> str:
    """The edition that this process began with."""
    return current()


def current() -> str:
    """A digest of versions; in a checkout also of every module and schema, for somebody may be at work on
    a reader.
    """
    stamp = blake2b(f"{__version__} {sys.version_info[:3]}".encode(), digest_size=8)
    files = [spec.origin for spec in map(find_spec, PARSERS) if spec and spec.origin]
    if is_checkout():
        files += sorted(_files(str(data_path("runcrew_lint")), ".py"))
        files += sorted(_files(str(data_path("schemas")), ".json"))
        files += sorted(_files(str(data_path("data")), ".json"))
    for file in files:
        status = Path(file).stat()
        stamp.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return stamp.hexdigest()


def _files(folder: str, suffix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(suffix):
                yield entry.path
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path, suffix)

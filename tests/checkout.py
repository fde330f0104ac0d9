"""Copies of this checkout, to be changed or installed without touching it."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Of what lies in the root, what a build reads; the rest is for people and tests.
BUILT_FROM = (
    "LICENSE",
    "README.md",
    "hatch_build.py",
    "pyproject.toml",
    "rules",
    "runcrew_lint",
    "schemas",
    "data",
)


def copy_to(into: Path, *names: str) -> Path:
    """A new folder with the named files and folders of the root, without caches."""
    into.mkdir(parents=True)
    for name in names:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "_data")
            shutil.copytree(ROOT / name, into / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy2(ROOT / name, into / name)
    return into

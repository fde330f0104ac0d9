"""Installed packages as folders of data: found where Python would find them, never imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path

from runcrew_lint.model.errors import SetupError

PREFIX = "package:"


def within_package(named: str, root: Path, where: str) -> Path:
    """What `package:NAME/PATH` names; without a path the package's folder.

    Arguments:
        root: the repository that is judged; what lies in it is not installed.
        where: the place that names it.
    Errors:
        SetupError where no such package is installed.
    """
    name, _, path = named.removeprefix(PREFIX).partition("/")
    module = name.replace("-", "_")
    spec = PathFinder.find_spec(module, list(installed(root))) if module.isidentifier() else None
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise SetupError(
            f"there is no installed package {name}", where=where, help=f"install it beside {sys.executable}"
        )
    folder = Path(folders[0]).resolve()
    found = (folder / path).resolve()
    if not found.is_relative_to(folder):
        raise SetupError(f"{named} leads out of the package", where=where)
    return found


def installed(root: Path) -> Iterator[str]:
    """The folders that Python imports from, but for those of the repository itself: a change that is judged
    must not bring along what it is judged by. A virtual environment in the repository is none of its files.
    """
    top = root.resolve()
    for entry in sys.path:
        folder = Path(entry).resolve()
        own = folder.is_relative_to(top) and "site-packages" not in folder.relative_to(top).parts
        if entry and not own:
            yield entry

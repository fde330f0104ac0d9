"""A text that lies in no file yet, as an editor has it, linted in the place of one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from runcrew_lint.engine.discover import work_tree
from runcrew_lint.model.errors import SetupError


def typed_as(named: str, content: bytes) -> tuple[Path, Mapping[str, bytes]]:
    """The repository that a file lies or would lie in, and the text by its path there.

    Errors:
        SetupError for a file in a folder that is not there.
    """
    file = Path(named)
    folder = file.parent
    if not folder.is_dir() or file.is_dir():
        what = "it is a folder" if file.is_dir() else f"there is no folder {folder}"
        raise SetupError(f"{named} can't be a file: {what}", help="name a file of the repository")
    root = (work_tree(folder) or folder).resolve()
    path = Path(os.path.relpath(folder.resolve() / file.name, root)).as_posix()
    return root, {path: content}

"""Where the project's own data lies: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
INSTALLED = _PACKAGE / "_data"


def is_checkout() -> bool:
    """Whether the package runs from its own source tree, where rules/ may have been edited."""
    return not INSTALLED.is_dir()


def data_path(name: str) -> Path:
    """A file or folder such as `rules` or `schemas/workflow.schema.json`."""
    return (_PACKAGE.parent if is_checkout() else INSTALLED) / name

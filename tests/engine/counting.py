"""What a run did: which files it opened, and what a user without privileges would have seen."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runcrew_lint.engine.disk import Disk, Stat

NOBODY = 65534


@contextmanager
def opened() -> Iterator[list[str]]:
    """The paths that were read meanwhile, in order."""
    paths: list[str] = []
    real = Disk.read

    def read(self: Disk, path: str) -> tuple[bytes, Stat | None]:
        paths.append(path)
        return real(self, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Disk, "read", read)
        yield paths


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Modes count for root too meanwhile, who may still come to a folder of pytest's."""
    if os.geteuid() != 0:
        yield
        return
    for each in folder.parents:
        if not each.stat().st_mode & stat.S_IXOTH:
            each.chmod(0o755)
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)

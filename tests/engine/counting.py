"""What a run did: which files it opened, how many lines it ran, what a user without privileges would see."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import runcrew_lint
from runcrew_lint.engine.disk import Disk, Stat

NOBODY = 65534
_PACKAGE = str(Path(runcrew_lint.__file__).parent)


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


@contextmanager
def lines_run() -> Iterator[Counter[str]]:
    """How many lines each function of the linter ran meanwhile; a turn of a loop on one line is one, too."""
    counted: Counter[Any] = Counter()

    def line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            counted[frame.f_code] += 1
        return line

    def call(frame: FrameType, event: str, _: object) -> Any:
        return line if frame.f_code.co_filename.startswith(_PACKAGE) else None

    named: Counter[str] = Counter()
    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield named
    finally:
        sys.settrace(before)
        for code, count in counted.items():
            named[f"{code.co_filename.removeprefix(_PACKAGE)}: {code.co_qualname}"] += count

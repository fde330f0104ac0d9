"""The process that stays, while a benchmark runs: what it has used, and its end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # a second, of what /proc tells
_PATIENCE = 30  # s until one that was left behind listens


class Resident:
    """One that the console script leaves behind in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder / "runcrew-lint"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a shell sets to be answered by it."""
        return {"RUNCREW_LINT_RESIDENT": "1", "XDG_RUNTIME_DIR": str(self._folder.parent), "CI": ""}

    def listens(self) -> None:
        """Waits until it does."""
        end = time.monotonic() + _PATIENCE
        while not any(each.is_socket() for each in self._folder.glob("*")):
            if time.monotonic() > end:
                raise TimeoutError("no resident was left behind")
            time.sleep(0.05)

    def seconds(self) -> float:
        """The CPU seconds that it has used, where /proc tells."""
        pid = self._pid()
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) / _TICKS

    def end(self) -> None:
        """Ends it."""
        pid = self._pid()
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _pid(self) -> int:
        named = next(self._folder.glob("*.lock"), None)
        return int(named.read_text() or 0) if named else 0

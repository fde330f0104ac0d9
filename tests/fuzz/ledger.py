"""What a long run has tried so far, and the shortest text that broke something, one a fault."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.properties import Broken

KEPT = Path(".cache/fuzz")


class Ledger:
    """One way of trying one reader; what it has seen lies in a file, for libFuzzer ends a process unasked.

    Arguments:
        name: `reader.way`.
    """

    def __init__(self, name: str) -> None:
        self.name, self.inputs, self.found = name, 0, dict[str, str]()
        self._saved = 0.0

    def tried(self, text: str, body: Callable[[], object]) -> None:
        """One input; what `body` raises is a fault."""
        self.inputs += 1
        try:
            body()
        except Exception as error:
            where = _where(error)
            if where not in self.found or len(text) < len(self.found[where]):
                self.found[where] = text
                self._keep(where, text)
        if time.monotonic() - self._saved > 1:
            self.save()

    def save(self) -> None:
        """Writes down what is known."""
        self._saved = time.monotonic()
        KEPT.mkdir(parents=True, exist_ok=True)
        told = {"inputs": self.inputs, "cpu": time.process_time(), "found": sorted(self.found)}
        (KEPT / f"{self.name}.json").write_text(json.dumps(told))

    def _keep(self, where: str, text: str) -> None:
        folder = KEPT / self.name.partition(".")[0]
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}-{list(self.found).index(where)}"
        file.write_bytes(text.encode("utf-8", "replace"))
        file.with_name(f"{file.name}.why").write_text(f"{where}\n\n{traceback.format_exc()}")


def _where(error: Exception) -> str:
    """What tells one fault from another: the property that it broke, or where it was raised."""
    if isinstance(error, Broken):
        return error.where
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}"

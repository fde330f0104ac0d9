"""A line on the terminal that says how far a long run has come, and leaves no trace."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from runcrew_lint.engine.pulse import Pulse, Step, still

AFTER = 1.0  # s without a word: most runs are over by then
EVERY = 0.1  # s between two looks of it
_SAID = {"files": "reading", "rules": "judging by"}
_WIDTH = 24  # columns of the bar
_ERASE = "\r\x1b[K"


@contextmanager
def progress(stream: TextIO | None = None) -> Iterator[Pulse]:
    """What a run is given to say how far it is: shown on a terminal alone, and never in CI."""
    out = stream or sys.stderr
    if not out.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield still
        return
    line = _Line(out)
    try:
        yield line.step
    finally:
        line.clear()


class _Line:
    def __init__(self, out: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._out, self._clock = out, clock
        self._next, self._shown = clock() + AFTER, False

    def step(self, step: Step) -> None:
        """Shows how far it is, where it is time to; what is done is erased, for somebody may print now."""
        if step.at >= step.of:
            self.clear()
        elif self._clock() >= self._next:
            self._next = self._clock() + EVERY
            self._write(_ERASE + self._said(step))
            self._shown = True

    def clear(self) -> None:
        """Takes the line away."""
        if self._shown:
            self._write(_ERASE)
            self._shown = False

    def _said(self, step: Step) -> str:
        said = f"{_SAID[step.what]} {step.at + 1:,} of {step.of:,} {step.what}"
        full = _WIDTH * (step.at + 1) // step.of
        bar = f" [{'#' * full}{'.' * (_WIDTH - full)}]"
        columns = self._columns() - 1
        return said + bar if len(said + bar) <= columns else said[: max(columns, 0)]

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

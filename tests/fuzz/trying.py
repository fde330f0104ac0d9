"""One process a reader, forked from one that has loaded all there is, and ended by its CPU time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.fuzz import ledger
from tests.fuzz.properties import Broken


class Trying:
    """What one process tries of one reader, written down as it goes.

    Arguments:
        seconds: of CPU, after which the process ends itself: libFuzzer would not.
    """

    def __init__(self, reader: str, way: str, seconds: float) -> None:
        self.reader, self._way = reader, way
        self._before, self._inputs = ledger.tried(reader, way), 0
        self._until, self._saved = seconds, 0.0
        self._last = os.open(_last(reader, way), os.O_WRONLY | os.O_CREAT)

    def one(self, text: str, body: Callable[[str], object]) -> None:
        """One input; what `body` raises is kept. Does not return when the time is over."""
        self._inputs += 1
        written = text.encode("utf-8", "replace")
        os.ftruncate(self._last, 0)
        os.pwrite(self._last, written, 0)
        try:
            _twice_if_slow(body, text)
        except Exception as error:
            ledger.keep(self.reader, self._way, text, error)
        now = time.process_time()
        if now > min(self._saved + 1, self._until):
            self._saved = now
            sums = ledger.Tried(self._before.cpu + now, self._before.inputs + self._inputs)
            ledger.write(self.reader, self._way, sums)
        if now > self._until:
            os._exit(0)

    def again(self, body: Callable[[str], object]) -> None:
        """What broke in rounds before: what holds today is forgotten."""
        for file in ledger.broken(self.reader, self._way):
            text = file.read_bytes().decode()
            ledger.forget(file)
            self.one(text, body)


def in_turn(readers: Iterable[str], way: str, seconds: float, body: Callable[[Trying], object]) -> None:
    """Gives each reader a process of its own; one that dies leaves the text that it died of."""
    for reader in readers:
        last = _last(reader, way)
        child = os.fork()
        if not child:
            try:
                body(Trying(reader, way, seconds))
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if status:
            died = RuntimeError(f"{way} ended with {os.waitstatus_to_exitcode(status)}")
            ledger.keep(reader, way, last.read_bytes().decode(), died)
        last.unlink()


def _twice_if_slow(body: Callable[[str], object], text: str) -> None:
    """A machine that others use is slow at times; a text that is, is so every time."""
    try:
        body(text)
    except Broken as error:
        if not error.where.startswith("slow "):
            raise
        body(text)


def _last(reader: str, way: str) -> Path:
    """Where the text lies that is being tried."""
    ledger.KEPT.mkdir(parents=True, exist_ok=True)
    return ledger.KEPT / f"{reader}.{way}.last"

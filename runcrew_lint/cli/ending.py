"""A run that somebody ends (SIGTERM, SIGHUP) tidies up as an interrupted one does, and dies of the signal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDS = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]


class _Ended(BaseException):
    """Somebody wants this process to end."""


@contextmanager
def tidily() -> Iterator[None]:
    """Whatever the block had begun is undone when it is ended; signals that somebody ignores stay ignored."""
    ours = [number for number in _ENDS if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in ours:
            signal.signal(number, _end)
        yield
    except _Ended as ended:
        (number,) = ended.args
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        sys.exit(128 + number)  # the first process of a container does not die of it
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # who is tidying up need not be told again
    raise _Ended(number)

"""A bound against hangs: hostile input may be slow, but it has to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_SECONDS = 30  # far above what any of these inputs needs: this is a guard against a hang, no timing


@contextmanager
def must_end() -> Iterator[None]:
    """Fails the test where its body takes more than CPU_SECONDS of this process's own time."""

    def still_at_work(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still at work after {CPU_SECONDS} s of CPU time")

    before = signal.signal(signal.SIGPROF, still_at_work)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

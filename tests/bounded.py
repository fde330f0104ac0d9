"""A bound against hangs: hostile input may be slow, but it has to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

WAITING_SECONDS = 90  # for who waits for another process, which takes none of its own
CPU_SECONDS = 30  # far above what any of these inputs needs: this is a guard against a hang, no timing


@contextmanager
def must_end() -> Iterator[None]:
    """Fails the test where its body takes more than CPU_SECONDS of this process's own time."""

    def still_at_work(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still at work after {CPU_SECONDS} s of CPU time")

    before = signal.signal(signal.SIGPROF, still_at_work)
    # Again each second: whoever takes a rule's or a reader's fault down goes on, and takes this one for such.
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def must_answer() -> Iterator[None]:
    """Fails the test where its body waits for longer than WAITING_SECONDS."""

    def still_waiting(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still waiting after {WAITING_SECONDS} s")

    before = signal.signal(signal.SIGALRM, still_waiting)
    signal.alarm(WAITING_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

"""Several processes that read one run's files, where that takes long.

A fork of this process has every reader imported and every byte at hand; what it made comes back through a
pipe of our own, so nothing of it is foreign. Nothing rests on a fork: what one does not deliver is read here.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import process_time
from typing import Any, TypeVar

T = TypeVar("T")

# Each process reads anew what files share: the second takes a quarter off the clock of 7,408 files and adds a
# tenth of CPU, and nothing off that of 1,000 revisions for a seventh.
_WORTH = 1.0  # s of reading, the least that a process is made for
_MOST = 4  # processes that nobody has asked for
_SAMPLE = (
    16  # one file of so many is read here first: the first imports the readers, the others tell the pace
)


def together(
    shares: Sequence[T], work: Callable[[Sequence[T]], None], told: Callable[[], Any], jobs: int
) -> list[Any]:
    """Does the work on each item, in up to `jobs` processes; what the others have to tell.

    Arguments:
        work: done here for the first share, and in a fork for each other.
        told: asked in a fork when its share is done.
        jobs: 0 for as many as there are cores to use, but few.
    """
    if jobs == 0 and hasattr(os, "sched_getaffinity"):
        jobs = min(len(os.sched_getaffinity(0)), _MOST)
    if jobs < 2 or not sys.platform.startswith("linux"):  # elsewhere a fork is not safe
        return []
    first, *others = shares[::_SAMPLE]
    work([first])
    begun = process_time()
    work(others)
    taken = process_time() - begun
    rest = [each for at, each in enumerate(shares) if at % _SAMPLE]
    crew = min(jobs, int(taken * (_SAMPLE - 1) / _WORTH))
    if crew < 2:
        return []
    forks = [_fork(rest[at::crew], work, told) for at in range(1, crew)]
    try:
        work(rest[::crew])
        return [said for _, pipe in forks for said in _heard(pipe)]
    finally:
        for pid, pipe in forks:
            os.close(pipe)
            with suppress(ProcessLookupError, ChildProcessError):  # it has told all, or nobody will listen
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _fork(
    share: Sequence[T], work: Callable[[Sequence[T]], None], told: Callable[[], Any]
) -> tuple[int, int]:
    """A process that does a share of the work, and the pipe it tells by."""
    hears, tells = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tells)
        return pid, hears
    try:  # whatever happens, a fork never returns into the run it was taken from
        os.close(hears)
        work(share)
        _tell(tells, told())
    finally:
        os._exit(0)


def _tell(pipe: int, said: Any) -> None:
    import pickle  # few runs are that long

    with open(pipe, "wb") as tells:
        pickle.dump(said, tells, pickle.HIGHEST_PROTOCOL)


def _heard(pipe: int) -> list[Any]:
    """What a fork tells; nothing where it broke off."""
    import pickle

    with open(pipe, "rb", closefd=False) as heard:
        said = heard.read()
    with suppress(Exception):
        return [pickle.loads(said)]  # noqa: S301 - our own fork wrote it
    return []

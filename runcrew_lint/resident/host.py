"""The side that answers: one run after another in one process, which goes when nobody has asked for a while.

A run of somebody else's is this process's own for as long as it takes: its folder, environment, streams and
mask. What stays are modules, and facts under the content that they were read from (`engine/memory.py`).
"""

from __future__ import annotations

import fcntl
import gc
import os
import select
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from runcrew_lint.cli.main import main as run
from runcrew_lint.engine.edition import current
from runcrew_lint.engine.memory import Memories, Standing
from runcrew_lint.engine.pulse import Step
from runcrew_lint.resident.ask import PATIENCE, TAKEN
from runcrew_lint.resident.door import door, greeting, same_user
from runcrew_lint.tuples import NamedTuple

IDLE = 30 * 60  # s without a question
_LONGEST = 1 << 22  # bytes of a question; Linux takes 2 MiB of arguments and environment


class Question(NamedTuple):
    """A run as somebody wants it made."""

    arguments: list[str]
    environment: dict[str, str]
    umask: int
    streams: tuple[int, int, int]
    folder: int


def main() -> None:
    """Answers until nobody asks any more, or another edition of the linter lies where this one was."""
    named = door()
    if named is None:
        return
    path = Path(named)
    lock = os.open(f"{named}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return  # there is one
    os.ftruncate(lock, os.write(lock, b"%d\n" % os.getpid()))  # for who wants to end it
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(named)
        listener.listen()
        try:
            _answer_all(listener)
        finally:
            path.unlink(missing_ok=True)


def _answer_all(listener: socket.socket) -> None:
    memories, installed = Memories(), _installed()
    while select.select([listener], [], [], IDLE)[0]:
        caller, _ = listener.accept()
        with caller:
            if _installed() != installed:
                return  # what would be imported now belongs to another edition
            question = _question(caller) if same_user(caller) else None
            if question:
                _answer(caller, question, memories)
        gc.collect()  # no run looks for cycles


def _installed() -> tuple[str, int]:
    """What lies where this process was imported from: whatever is installed leaves a trace in the folder."""
    return current(), Path(__file__).parents[2].stat().st_mtime_ns


def _question(caller: socket.socket) -> Question | None:
    """What somebody wants, if he is one of ours and still there."""
    caller.settimeout(PATIENCE)
    streams: list[int] = []
    try:
        if _received(caller, len(greeting())) != greeting():
            return None
        caller.sendall(TAKEN)
        head, streams, _, _ = socket.recv_fds(caller, 4, 4)
        size = int.from_bytes(head, "big")
        said = _received(caller, min(size, _LONGEST))
        if len(said) < size:
            raise ValueError("half a question")
        count, umask, *words = map(os.fsdecode, said.split(b"\0"))
        settings = (each.partition("=") for each in words[int(count) :])
        # A variable without a name may be there, and can't be set.
        environment = {name: value for name, _, value in settings if name}
        inn, out, err, folder = streams
        return Question(words[: int(count)], environment, int(umask) & 0o777, (inn, out, err), folder)
    except (OSError, ValueError):
        for each in streams:
            os.close(each)
        return None


def _received(caller: socket.socket, size: int) -> bytes:
    said = bytearray()
    while len(said) < size and (more := caller.recv(min(size - len(said), 1 << 16))):
        said += more
    return bytes(said)


def _answer(caller: socket.socket, question: Question, memories: Memories) -> None:
    caller.setblocking(False)

    def pulse(_step: Step) -> None:
        """Whoever asked and went away has interrupted the run."""
        try:
            gone = not caller.recv(1)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            raise KeyboardInterrupt

    with suppress(OSError, LookupError):  # his streams, folder or encoding are no more, or he is
        with _as(question):
            code = _run(Standing(memories, pulse))
        caller.sendall(bytes([code & 0xFF]))


def _run(standing: Standing) -> int:
    try:
        run(standing)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 0
    except BaseException:
        # `main` tells its own faults; what is left, such as a traceback that was asked for, ends no resident.
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


@contextmanager
def _as(question: Question) -> Iterator[None]:
    """This process as the one that asked."""
    nothing = os.open(os.devnull, os.O_RDWR)
    own = sys.argv, dict(os.environ), os.umask(question.umask), (sys.stdin, sys.stdout, sys.stderr)
    try:
        _put(question.streams)
        os.fchdir(question.folder)
        sys.argv = question.arguments
        _live_in(question.environment)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - the stream outlives this block
        wanted = question.environment.get("PYTHONIOENCODING", "").partition(":")[0] or None
        sys.stdout = open(1, "w", closefd=False, encoding=wanted)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, wanted, "backslashreplace", closefd=False)  # noqa: SIM115
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        sys.argv, environment, umask, (sys.stdin, sys.stdout, sys.stderr) = own
        _live_in(environment)
        os.umask(umask)
        os.chdir("/")
        _put((nothing, nothing, nothing))
        for each in (nothing, *question.streams, question.folder):
            os.close(each)


def _live_in(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()  # today is another day elsewhere
    tempfile.tempdir = None  # TMPDIR is looked up once, and may be gone


def _put(streams: tuple[int, int, int]) -> None:
    for at, stream in enumerate(streams):
        os.dup2(stream, at)

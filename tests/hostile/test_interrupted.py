"""A run that is stopped while it writes leaves each file old or new, wherever it is stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from runcrew_lint.engine import disk, fix
from runcrew_lint.engine.fix import Mended, mend
from runcrew_lint.engine.run import Request
from tests.fixtures_git import repository_from

pytestmark = [
    pytest.mark.usefixtures("git"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork"),
]

FILES = {
    "a.Dockerfile": "FROM python:3.12.1\nUSER a\nRUN apt-get update && apt-get install -y curl\n",
    "b/Dockerfile": "FROM python:3.12.1\nUSER a\nRUN apt-get update && apt-get install -y curl\n",
}
_WRITING = {fix.__file__: {"write", "_written"}, disk.__file__: {"replace", "_dress"}}


def _stopped_at(line: int, stop: Callable[[], object]) -> Callable[..., Any]:
    """A trace that stops the process before one line of the functions that write, counted as they are run."""
    seen = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal seen
        if frame.f_code.co_name not in _WRITING.get(frame.f_code.co_filename, ()):
            return None
        if event == "line":
            seen += 1
            if seen == line:
                stop()
        return trace

    return trace


def _written(root: Path, mended: Mended, line: int, number: int) -> int:
    """The status of a fork that writes and gets a signal at one line; -1 where it never comes to so many."""
    pid = os.fork()
    if not pid:
        code = 1
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests may have it ignored
        try:
            sys.settrace(_stopped_at(line, lambda: os.kill(os.getpid(), number)))
            fix.write(root, mended)
            code = 0
        except KeyboardInterrupt:
            code = 2
        finally:
            sys.settrace(None)
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda each: each.name)
def test_each_file_is_old_or_new(tmp_path: Path, number: signal.Signals) -> None:
    root = repository_from(FILES, tmp_path / "root")
    mended = mend(Request(root), unsafe=False)
    assert set(mended.contents) == set(FILES)
    new = root / "made" / "new.txt"
    new.parent.mkdir()
    mended = replace(mended, contents={**mended.contents, "made/new.txt": b"new" * 99})
    stopped, seen = 0, set[str]()
    for line in range(1, 2_000):
        for path, text in FILES.items():
            (root / path).write_bytes(text.encode())
        new.unlink(missing_ok=True)
        status = _written(root, mended, line, number)
        for path in FILES:
            content = (root / path).read_bytes()
            assert content in (mended.originals[path], mended.contents[path]), (line, path)
            seen.add("new" if content == mended.contents[path] else "old")
        assert not new.exists() or new.read_bytes() == b"new" * 99, line
        left = [each.name for each in root.rglob(".runcrew-lint-*")]
        assert len(left) <= 1
        if number == signal.SIGINT:
            assert left == [], f"what is interrupted tidies up (line {line})"
        for name in left:
            next(root.rglob(name)).unlink()
        if status == 0:
            break
        stopped += 1
    else:
        raise AssertionError("it never comes to an end")
    assert stopped > 30
    assert seen == {"old", "new"}

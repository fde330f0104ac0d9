"""Commands as a person types them, run in this process: starting one costs half a second."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from runcrew_lint.cli.main import main

_UNWANTED = ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY")


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class _Terminal(io.TextIOWrapper):
    """Where somebody answers."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def said(folder: Path, *arguments: str, stdin: str = "", terminal: bool = False, **environment: str) -> Done:
    """`runcrew-lint ARGUMENTS` in a folder, with a cache beside it; `terminal` says that somebody types."""
    kept = {key: value for key, value in os.environ.items() if key not in _UNWANTED}
    cache = {"RUNCREW_LINT_CACHE_DIR": str(folder.parent / "cache")}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    given = (_Terminal if terminal else io.TextIOWrapper)(io.BytesIO(stdin.encode()), encoding="utf-8")
    code: object = None
    with (
        chdir(folder),
        patch.dict(os.environ, {**kept, **cache, **environment}, clear=True),
        patch.object(sys, "argv", ["runcrew-lint", *arguments]),
        patch.object(sys, "stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code
        finally:
            gc.enable()
    texts = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read())
    return Done(code if isinstance(code, int) else 0, *texts)

"""The console script."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """One command line; a process that stays makes the run where the user wants one, else this one does."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        _in_utf_8()
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_streams()
    if os.environ.get("RUNCREW_LINT_RESIDENT"):
        from runcrew_lint.resident.ask import answered as run
    else:
        from runcrew_lint.cli.main import main as run
    try:
        run()
    except SystemExit as end:
        _leave(end)


def _in_utf_8() -> None:
    """Begins anew where the locale writes names in another encoding, or in ASCII: git's names are UTF-8."""
    os.environ.setdefault("PYTHONIOENCODING", getattr(sys.stdout, "encoding", "utf-8"))
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def _open_streams() -> None:
    """Gives a stream that was closed a file of its own: else the first that is opened takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _leave(end: SystemExit) -> None:
    """Ends the process as it is: to take apart all that a run has made took a tenth of a long one.

    Errors:
        SystemExit where something is left to be told, or can't be told: Python's own end says so.
    """
    if not isinstance(end.code, int):
        raise end
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        raise end from None
    os._exit(end.code)

"""The console script."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """One command line; a process that stays makes the run where the user wants one, else this one does."""
    if os.environ.get("RUNCREW_LINT_RESIDENT"):
        from runcrew_lint.resident.ask import answered as run
    else:
        from runcrew_lint.cli.main import main as run
    try:
        run()
    except SystemExit as end:
        _leave(end)


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

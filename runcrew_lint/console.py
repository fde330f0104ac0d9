"""The console script."""

from __future__ import annotations

import os


def main() -> None:
    """One command line; a process that stays makes the run where the user wants one, else this one does."""
    if os.environ.get("RUNCREW_LINT_RESIDENT"):
        from runcrew_lint.resident.ask import answered as run
    else:
        from runcrew_lint.cli.main import main as run
    run()

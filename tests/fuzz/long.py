"""`make fuzz`: tries every reader until it had so many CPU minutes, those of runs before included.

    python -m tests.fuzz.long [--reader NAME] [--minutes N]

Half of a reader's time goes to atheris (tests/fuzz/guided.py), half to Hypothesis (tests/fuzz/drawn.py). One
process is at work at a time. It may be stopped at any moment, and goes on from .cache/fuzz with what broke.
Prints Markdown, a line a reader; exit code 1 where something broke.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec

from tests.fuzz import ledger
from tests.fuzz.drawn import FIXES
from tests.fuzz.readers import READERS

_SLICE = 120.0  # CPU seconds that a reader gets at a time
_TOGETHER = 4  # readers for which the linter is instrumented once


def main() -> int:
    """Returns 1 where something broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=(*READERS, FIXES), action="append")
    parser.add_argument("--minutes", type=float, default=60)
    asked = parser.parse_args()
    names, seconds = asked.reader or [*READERS, FIXES], 60 * asked.minutes
    while waiting := sorted((name for name in names if ledger.cpu(name) < seconds), key=ledger.cpu):
        _round(waiting[:_TOGETHER], min(_SLICE, seconds))
        ledger.table(names)
    print(ledger.table(names))
    for name in names:
        for file in ledger.broken(name):
            print(f"{file}: {ledger.reason(file)}", file=sys.stderr)
    return int(any(map(ledger.broken, names)))


def _round(names: list[str], seconds: float) -> None:
    """A slice for each, half of it each way; those come first that had least."""
    guided = [name for name in names if name != FIXES] if find_spec("atheris") else []
    for way, those in (("guided", guided), ("drawn", names)):
        each = seconds / 2 if guided else seconds
        command = [sys.executable, "-m", f"tests.fuzz.{way}", str(each), *those]
        if those:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main())

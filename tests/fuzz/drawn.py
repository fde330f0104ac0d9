"""Tries a reader, or the fixes, on what Hypothesis draws: whole runs, and texts of 100 kB.

python -m tests.fuzz.drawn NAME MINUTES
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from runcrew_lint.catalogue import build, words
from runcrew_lint.engine import git
from tests.fuzz.ledger import Ledger
from tests.fuzz.properties import empty, mends
from tests.fuzz.readers import READERS
from tests.fuzz.texts import Drawn, changed_repositories, drawn, holds

FIXES = "fixes"
_LARGE = 100_000
_ROUND = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def main(name: str, minutes: float) -> None:
    """Draws round after round, each from another seed."""
    _remember()
    ledger, until = Ledger(f"{name}.drawn"), time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        root = empty(Path(folder))

        @given(changed_repositories())
        def fixes(files: dict[str, str]) -> None:
            if time.monotonic() < until:
                ledger.tried(json.dumps(files), lambda: mends(root, files))

        @given(drawn(READERS.get(name, READERS["yaml"]), _LARGE))
        def reader(draw: Drawn) -> None:
            if time.monotonic() < until:
                ledger.tried(draw.text, lambda: holds(READERS[name], draw, root))

        drawing = _ROUND(fixes if name == FIXES else reader)
        number = time.time_ns()
        while time.monotonic() < until:
            number += 1
            seed(number)(drawing)()
    ledger.save()


def _remember() -> None:
    """What every run asks is answered once: git, of a repository that stays empty, and the rules' words."""
    ask, known = git.asked, dict[object, Any]()

    def asked(arguments: list[str], cwd: Path, stdin: str = "") -> Any:
        key = (*arguments, cwd, stdin)
        if key not in known:
            known[key] = ask(arguments, cwd, stdin)
        return known[key]

    git.asked = asked
    vars(words)["read"] = cache(build.read)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))

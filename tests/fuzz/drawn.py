"""Tries readers, and the fixes, on what Hypothesis draws and variants of it: whole runs, and texts of 100 kB.

python -m tests.fuzz.drawn SECONDS READER...
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.properties import empty, mends, remember
from tests.fuzz.readers import READERS, corpus
from tests.fuzz.texts import Drawn, changed_repositories, drawn, holds, variants
from tests.fuzz.trying import Trying, in_turn
from tests.scratch import scratch

FIXES = "fixes"
_LARGE = 100_000
_ROUND = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def main(seconds: float, names: list[str]) -> None:
    """Draws round after round, each from another seed."""
    remember()
    with scratch("runcrew-lint-fuzz-") as folder:
        root = empty(folder)
        for name in READERS:  # what is imported now is there in every process
            holds(READERS[name], Drawn(corpus(name)[0], 0), root)
        in_turn(names, "drawn", seconds, lambda trying: _tries(trying, root))


def _tries(trying: Trying, root: Path) -> None:
    name = trying.reader
    number = time.time_ns()

    def whole(text: str) -> None:
        mends(root, json.loads(text))

    def alone(text: str) -> None:
        holds(READERS[name], Drawn(text, number), root)

    @given(changed_repositories())
    def fixes(files: dict[str, str]) -> None:
        trying.one(json.dumps(files), whole)

    @given(drawn(READERS.get(name, READERS["yaml"]), _LARGE))
    def reader(draw: Drawn) -> None:
        for text in variants(READERS[name], draw):
            trying.one(text, alone)

    drawing = _ROUND(fixes if name == FIXES else reader)
    trying.again(whole if name == FIXES else alone)
    while True:  # until the time is over, which ends the process
        number += 1
        seed(number)(drawing)()


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])

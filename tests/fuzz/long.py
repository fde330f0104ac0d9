"""`make fuzz`: tries every reader for so many minutes, and keeps what broke under .cache/fuzz.

    python -m tests.fuzz.long [--reader NAME] [--minutes N]

Half of a reader's time goes to atheris (tests/fuzz/guided.py), half to Hypothesis (tests/fuzz/drawn.py).
Prints Markdown, a line a reader; exit code 1 where something broke.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.fuzz.drawn import FIXES
from tests.fuzz.ledger import KEPT
from tests.fuzz.readers import READERS


def one(name: str, minutes: float) -> list[dict[str, Any]]:
    """What each way of trying a reader has seen; `found` holds what broke."""
    ways = ["drawn"] if name == FIXES or not find_spec("atheris") else ["guided", "drawn"]
    seen: list[dict[str, Any]] = []
    for way in ways:
        told = KEPT / f"{name}.{way}.json"
        told.unlink(missing_ok=True)
        command = [sys.executable, "-m", f"tests.fuzz.{way}", name, str(minutes / len(ways))]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        nothing: dict[str, Any] = {"inputs": 0, "cpu": 0.0, "found": []}
        seen.append(json.loads(told.read_text()) if told.exists() else nothing)
        if done.returncode:
            last = done.stderr.strip().rpartition("\n")[2]
            seen[-1]["found"].append(f"{way} ended with {done.returncode}: {last}")
    return seen


def main() -> int:
    """Returns 1 where something broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=(*READERS, FIXES), action="append")
    parser.add_argument("--minutes", type=float, default=60)
    asked = parser.parse_args()
    print("| reader | minutes | CPU minutes | inputs | findings |\n|---|---|---|---|---|")
    broken = False
    for name in asked.reader or (*READERS, FIXES):
        seen = one(name, asked.minutes)
        found = sorted({where for each in seen for where in each["found"]})
        inputs, cpu = sum(each["inputs"] for each in seen), sum(each["cpu"] for each in seen)
        print(f"| {name} | {asked.minutes:g} | {cpu / 60:.1f} | {inputs:,} | {len(found)} |", flush=True)
        for where in found:
            print(f"  {where}", file=sys.stderr, flush=True)
        broken = broken or bool(found)
    if broken:
        print(f"what broke lies in {Path(KEPT).resolve()}", file=sys.stderr)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())

"""EAS's own reader, kept running: one question a line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any


class Oracle:
    """Asks @expo/eas-json what it makes of a text."""

    def __init__(self, node: Path, modules: Path) -> None:
        self._process = subprocess.Popen(
            [str(node), str(Path(__file__).with_name("oracle.js"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"NODE_PATH": str(modules)},
        )

    def ask(self, text: str) -> dict[str, Any]:
        """`read`, `value`, `valid`, `profiles` and `submits` (`name/platform` to a resolved one, or None)."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(text).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

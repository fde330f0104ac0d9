"""Runs the command line under the interpreter's audit: which modules it imported, which files it opened.

python watched.py OUT ARGUMENTS...
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

OPENED: list[str] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str):
        OPENED.append(arguments[0])
    elif event in ("os.system", "os.exec", "socket.connect"):
        raise RuntimeError(f"{event} {arguments}")


def main() -> None:
    """One run of the command line, its exit code kept."""
    out, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    sys.addaudithook(_audit)
    from runcrew_lint.cli.main import main as command

    code: object = 0
    try:
        command()
    except SystemExit as done:
        code = done.code
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    opened = [os.path.realpath(path) for path in OPENED]
    out.write_text(json.dumps({"modules": sorted(sys.modules), "opened": opened, "code": code}))


if __name__ == "__main__":
    main()

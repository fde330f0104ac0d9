"""`python -m tests.tools.write_sessions PAGE...`: writes what commands print into the page that shows them.

Blocks with a line `...` are left for people.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tests.sessions import Ran, typed_in_place


def rewritten(page: Path, done: list[Ran]) -> str:
    """The page with what was printed in the place of what it shows."""
    text, at = page.read_text("utf-8"), 0
    for each in done:
        at = text.index(each.typed.commands, at) + len(each.typed.commands)
        shown = each.typed.shown
        if shown is None or re.search(r"(?m)^\.\.\.$", shown):
            continue
        at = text.index("```text\n", at) + len("```text\n")
        text = text[:at] + each.printed.strip("\n") + "\n" + text[at + len(shown) :]
    return text


def main() -> None:
    """Types each page anew; what installs is left out, the linter here is used."""
    for page in (Path(name).resolve() for name in sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            done = typed_in_place(page, Path(folder))
        page.write_text(rewritten(page, done), encoding="utf-8")
        for each in done:
            if each.code != each.typed.code or (each.typed.shown is None and each.printed):
                print(f"{page.name}: exit {each.code} of\n{each.typed.commands}{each.printed}")


if __name__ == "__main__":
    main()

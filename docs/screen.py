"""What a terminal shows, as an SVG: the screenshots of these pages, each a rule's first example linted."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.engine.run import Request, run
from runcrew_lint.reporters import text
from runcrew_lint.reporters.look import Look, columns

# The rules whose first example is shown, and the day on which that is.
SHOWN = ("index-not-concurrent", "delivery-wrong-profile")
TODAY = date(2026, 11, 22)
_COLUMN, _LINE, _MARGIN = 8, 18, 16  # pixels
_COLOURS = {
    "error": "#ff7b72",
    "warning": "#e3b341",
    "info": "#79c0ff",
    "good": "#7ee787",
    "strong": "#ffffff",
    "related": "#79c0ff",
    "dim": "#8b949e",
    "": "#d0d7de",
}
_STYLE = re.compile("\x1b([a-z]*);")


def screens(catalogue: Catalogue) -> dict[str, str]:
    """The SVG of each rule's first example, by its file name."""
    return {f"{name}.svg": svg(_linted(catalogue, name), f"runcrew-lint finds {name}") for name in SHOWN}


def _linted(catalogue: Catalogue, name: str) -> str:
    example = words_of(catalogue.rules[name])["examples"][0]
    with tempfile.TemporaryDirectory() as folder:
        for path, content in example["bad"].items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        outcome = run(Request(Path(folder), policy="runcrew", select=(name,), today=TODAY))
        found = text.render(outcome, Look(lambda words, style: f"\x1b{style};{words}\x1b;"))
    return f"\x1bdim;$\x1b; runcrew-lint\n\n{found.rpartition(chr(10) * 2)[0]}"


def svg(shown: str, title: str) -> str:
    """Text with `ESC style ;` in it, as a picture of a window with that title."""
    lines = shown.split("\n")
    width = 2 * _MARGIN + max(columns(_STYLE.sub("", line)) for line in lines) * _COLUMN
    height = 2 * _MARGIN + len(lines) * _LINE
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            '<g font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="13"'
            ' xml:space="preserve">',
            *(part for row, line in enumerate(lines) for part in _drawn(line, row)),
            "</g>",
            "</svg>\n",
        )
    )


def _drawn(line: str, row: int) -> Iterator[str]:
    """The pieces of a line, each as wide as a terminal has it."""
    at, style = 0, ""
    for index, part in enumerate(_STYLE.split(line)):
        if index % 2:
            style = part
            continue
        if words := part.strip():
            x = _MARGIN + (at + columns(part) - columns(part.lstrip())) * _COLUMN
            place = f'x="{x}" y="{_MARGIN + row * _LINE + 13}" textLength="{columns(words) * _COLUMN}"'
            weight = ' font-weight="bold"' if style in ("strong", "error", "warning") else ""
            yield f'<text {place} fill="{_COLOURS[style]}"{weight}>{escape(words)}</text>'
        at += columns(part)

"""The text format: golden frames, and what holds for every frame."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runcrew_lint.engine.run import Outcome
from runcrew_lint.model.finding import Region
from runcrew_lint.reporters import text
from runcrew_lint.reporters.look import STYLES, Look, columns, visible
from tests.reporters.cases import CASES, LOOK
from tests.reporters.made import Tree, finding

GOLDEN = Path(__file__).with_name("golden")
# What a person may write and a stranger may plant: wide, joined, invisible, controlling.
CHARACTERS = st.sampled_from("ab (){}'\"=,#\t\n\n\r가한ᄒ\u1161e\u0301🏃あ\u3000\u200b\u202e\x1b\x07\u00a0")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_golden(case: Callable[[], Outcome]) -> None:
    """RUNCREW_LINT_GOLDEN=write writes them anew, to be read before they are committed."""
    kept = GOLDEN / f"{case.__name__}.txt"
    made = text.render(case(), LOOK)
    if os.environ.get("RUNCREW_LINT_GOLDEN") == "write":
        kept.write_bytes(made.encode())
    assert made == kept.read_bytes().decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_no_line_ends_in_a_space(case: Callable[[], Outcome]) -> None:
    lines = text.render(case(), LOOK).split("\n")
    assert lines == [line.rstrip() for line in lines]


def test_every_golden_file_has_its_case() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == {case.__name__ for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_colour_changes_no_character(case: Callable[[], Outcome]) -> None:
    def paint(said: str, style: str) -> str:
        assert style in STYLES
        return f"<{style}>{said}</{style}>"

    plain = text.render(case(), LOOK)
    painted = text.render(case(), Look(paint, LOOK.width))
    stripped = re.sub(rf"</?(?:{'|'.join(STYLES)})>", "", painted)
    assert painted != plain
    assert [line.rstrip() for line in stripped.split("\n")] == plain.split("\n")


def test_no_secret_is_told() -> None:
    (case,) = [case for case in CASES if case.__name__ == "secret"]
    told = text.render(case(), LOOK)
    assert "s3cr*******************" in told
    assert "t-value" not in told
    assert "AAAA" not in told


def cells(line: str) -> list[str]:
    """A printed line by terminal columns: a wide character stands in both of its own."""
    found: list[str] = []
    for character in line:
        found += [character] * columns(character)
    return found


@given(st.text(CHARACTERS, max_size=60), st.data())
def test_marks_stand_under_what_they_mean(written: str, data: st.DataObject) -> None:
    tree = Tree(a_py=written)
    source = tree.sources["a.py"]
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, len(written)))
    region = Region("a.py", source.position(start), source.position(end))
    lines = text.render(tree.outcome(finding(region)), Look(width=1000)).split("\n")
    assert all(line.isprintable() and line == line.rstrip() for line in lines)
    if not written.strip():
        return
    meant = written[start:end]
    if set(meant) & {"\n", "\r"}:
        meant = meant.rstrip()  # what a long place ends in is not what it means
    marks = [number for number, line in enumerate(lines) if re.fullmatch(r" *\|[ |_]*\^+", line)]
    above, below = cells(lines[marks[-1] - 1]), lines[marks[-1]]
    under = "".join(each for each, sign in zip_longest(above, below, fillvalue=" ") if sign == "^")
    if set(meant) & {"\n", "\r"}:
        assume(columns(meant[-1]))
        assert under == cells(visible(meant[-1]))[0]
    else:
        shown = "".join(cells(visible(meant)))
        assert under.rstrip() == shown.rstrip() if columns(meant) else len(under) == 1


@given(st.text(CHARACTERS, min_size=1, max_size=400), st.integers(30, 120), st.data())
def test_a_frame_keeps_to_the_width(written: str, width: int, data: st.DataObject) -> None:
    tree = Tree(a_py=written)
    source = tree.sources["a.py"]
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, len(written)))
    region = Region("a.py", source.position(start), source.position(end))
    lines = text.render(tree.outcome(finding(region)), Look(width=width)).split("\n")
    framed = [line for line in lines if re.match(r" *\d* \|", line)]
    assert all(columns(line) <= width + 1 for line in framed), max(map(columns, framed))

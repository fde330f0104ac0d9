"""Texts that a reader may meet: pieces of its corpus and words of its language, nested and repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from tests.fuzz import properties
from tests.fuzz.readers import Reader, corpus, repositories
from tests.generated import KINDS

_PAIRS = (
    "()",
    "[]",
    "{}",
    '""',
    "''",
    ("{\n", "}\n"),
    ("$(", ")"),
    ("${", "}"),
    ("(", ""),
    ("[", ""),
    ("{", ""),
)
_VARIANTS = 5
_MANY = 20_000  # characters that are not tried in variants
_ODD = "\x00\x0b\x0c\x1b\x1c\x85\xa0\u2028\u202e\ufeff\U0001f600한\r\t \\\"'`"


def texts(reader: Reader) -> st.SearchStrategy[str]:
    """Any text, mostly one that looks like the reader's language."""
    whole = corpus(reader.name)
    lines = sorted({line for each in whole for line in each.splitlines(keepends=True)})
    words = reader.words
    pieces = st.one_of(
        st.sampled_from(words),
        st.sampled_from(words).map(lambda word: f"{word} "),
        st.sampled_from(lines or words),
        st.sampled_from(["\n", " ", "\r\n", "    ", "\t", "  - "]),
        st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(_ODD)), max_size=6),
    )
    bracketed = st.recursive(
        pieces,
        lambda inner: st.builds(
            lambda pair, parts, times: pair[0] * times + "".join(parts) + pair[1] * times,
            st.sampled_from(_PAIRS),
            st.lists(inner, max_size=4),
            st.sampled_from((1, 1, 1, 2, 9, 120)),
        ),
        max_leaves=8,
    )
    made = st.lists(bracketed, max_size=24).map("".join)
    changed = st.builds(
        _changed, st.sampled_from(whole or ("",)), st.lists(st.tuples(_AT, _AT, bracketed), max_size=4)
    )
    return st.one_of(changed, made)


_AT = st.integers(0, 10_000)


def _changed(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """A text with some ranges replaced; each place is in ten thousandths of its length."""
    for start, length, new in changes:
        at = start * len(text) // 10_000
        end = at + min(length * len(text) // 10_000, length % 40)
        text = text[:at] + new + text[end:]
    return text


def changed_repositories() -> st.SearchStrategy[dict[str, str]]:
    """The examples of the rules, with small changes in one file of each: what fixes are made of."""
    return st.builds(
        _with_changes,
        st.sampled_from(repositories()),
        st.integers(0, 99),
        st.lists(st.tuples(_AT, _AT, st.sampled_from(_SMALL)), max_size=3),
    )


_SMALL = (
    "",
    "",
    "\n",
    "\r\n",
    " ",
    "    ",
    "# a\n",
    "\\\n",
    '"',
    "'",
    ",",
    "(",
    ")",
    "{",
    "}",
    "한",
    "\t",
    ";",
    ":",
)


def _with_changes(
    files: dict[str, str], which: int, changes: Sequence[tuple[int, int, str]]
) -> dict[str, str]:
    path = sorted(files)[which % len(files)]
    return {**files, path: _changed(files[path], changes)}


def repeated(text: str, start: int, length: int, large: int) -> str:
    """A text made `large` characters by repeating a piece of it: what takes more than its share of time?"""
    at = start % (len(text) + 1)
    piece = text[at : at + 1 + length % 60] or "a"
    times = max(0, large - len(text)) // len(piece)
    return text[:at] + piece * times + text[at:]


def planted(reader: Reader, text: str, line: int) -> tuple[str, str]:
    """A text with a line more that holds a secret which was never anybody's, and the secret."""
    secret = KINDS["github-token"](random.Random(line)).decode()
    lines = text.splitlines(keepends=True)
    at = line % (len(lines) + 1)
    before = "".join(lines[:at])
    new_line = "" if before.endswith("\n") or not before else "\n"
    return f"{before}{new_line}{reader.plant.format(secret)}\n{''.join(lines[at:])}", secret


class Drawn(NamedTuple):
    """One text, and the line at which a secret is planted in it."""

    text: str
    line: int


def drawn(reader: Reader, large: int) -> st.SearchStrategy[Drawn]:
    """What one trial is of: of thirty, one is made `large` characters, and takes as long as the rest."""
    place = st.integers(0, 10_000)

    def made(text: str, start: int, length: int, line: int) -> Drawn:
        is_large = (
            start + length + line
        ) % 30 == 29  # drawn by itself it would be one of four: repeats, and zeros
        return Drawn(repeated(text, start, length, large) if is_large else text, line)

    return st.builds(made, texts(reader), place, place, place)


def variants(reader: Reader, draw: Drawn) -> Iterator[str]:
    """A text that was drawn, and others near it, which cost less to make; a large one comes alone."""
    yield draw.text
    chance, words = random.Random(f"{draw.line} {draw.text[:100]}"), (*reader.words, *_SMALL)
    for _ in range(_VARIANTS if len(draw.text) < _MANY else 0):
        yield _changed(draw.text, [_change(chance, words) for _ in range(chance.randint(1, 4))])


def _change(chance: random.Random, words: Sequence[str]) -> tuple[int, int, str]:
    return chance.randrange(10_000), chance.randrange(10_000), chance.choice(words)


def holds(reader: Reader, draw: Drawn, root: Path) -> None:
    """Every property, of one text.

    Errors:
        Broken, or whatever escapes the reader.
    """
    properties.reads(reader, draw.text)
    text, secret = planted(reader, draw.text, draw.line)
    properties.runs(root, reader.files(text), secret)

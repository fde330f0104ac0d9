"""Pieces of globs mean the same as the plain regular expression, and cost little however many there are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.documents import wildcards
from runcrew_lint.documents.wildcards import (
    ACROSS,
    BELOW,
    FOLDERS,
    ONE,
    STAR,
    Piece,
    expression,
    matcher,
    plain,
)
from runcrew_lint.domains.containers.facts import IgnoreLine
from runcrew_lint.domains.containers.ignoring import keeps_out
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.policy.globs import glob_pattern
from runcrew_lint.text import Span
from tests.bounded import must_end

A, B, SLASH = map(plain, "ab/")
PIECES = st.sampled_from(
    (
        A,
        A,
        B,
        SLASH,
        STAR,
        STAR,
        ACROSS,
        FOLDERS,
        ONE,
        Piece("[^b]"),
        Piece("a", 0),
        Piece("a", 1, True),
        BELOW,
    )
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map(tuple), st.text("ab/", max_size=9))
def test_three_ways_to_match_agree(pieces: tuple[Piece, ...], text: str) -> None:
    tried_in_turn = "".join(wildcards._written(each) for each in pieces)
    expected = re.fullmatch(tried_in_turn, text, re.DOTALL) is not None
    states = tuple(state for each in pieces for state in wildcards._states(each))
    assert wildcards._walked(states, text) == expected
    assert matcher(pieces)(text) == expected
    if not any("[^b]" in each.one for each in pieces):
        assert (re.fullmatch(expression(pieces), text, re.DOTALL) is not None) == expected


@pytest.mark.parametrize(
    "pattern", ["*a" * 30 + "*b", "**a" * 30 + "b", "**/a*" * 30 + "b", "*[!b]*" * 20 + "b"]
)
def test_many_wildcards_end(pattern: str) -> None:
    path = "a" * 200 + "/a" * 100
    with must_end():
        assert not glob_pattern(f"/{pattern}").match(path)
        assert not matches([pattern], path)
        assert not keeps_out([IgnoreLine(pattern, False, Span(0, 0))], path)
    with must_end():
        assert not matches(["a?" * 40 + "a+" * 40 + "b"], "a" * 40)


def test_a_long_pattern_is_read_once() -> None:
    with must_end():
        assert not glob_pattern("a" * 100_000).match("a")


def test_thousands_of_patterns_are_made_once() -> None:
    """Overrides are held against each finding in turn: what is forgotten meanwhile is made as often."""
    globs = [f"part-{number}/**/b*" for number in range(3000)]
    before = glob_pattern.cache_info().misses
    for _ in range(3):
        assert not any(glob_pattern(glob).match("a/b") for glob in globs)
    assert glob_pattern.cache_info().misses == before + len(globs)

"""Which regular expressions a policy may bring along."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.policy.patterns import objection
from tests.bounded import must_end

FOREVER = "a repetition inside a repetition can take forever"
ALIKE = "a repetition of alternatives that begin alike can take forever"
WAYS = "repetitions inside of each other match in too many ways"
SHARED = "repetitions that share their characters can take very long: begin each with one of its own"
EMPTY = "it matches the empty string"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("acme_(?:live|test)_[0-9a-z]{24}", ""),
        (r"\bAC[0-9a-f]{32}\b", ""),
        ("a+b+c+", ""),
        ("(?:ab){3}x*y", ""),
        ("(?:a{2}){8}", ""),  # bounded on both sides
        ("a" * 2_000, ""),
        ("a" * 2_001, "it has 2,001 characters, and 2,000 are the most: make two of it"),
        ("a[[b]c", "other versions of Python read it otherwise: possible nested set at position 2"),
        ("(a+)+", FOREVER),
        ("(?:a*)*b", FOREVER),
        ("(?:a|b+)+c", FOREVER),
        ("x(?:[a-z]{1,40}-){2,}", FOREVER),
        ("(?:(?:a{1,20})b){1,20}", FOREVER),
        ("a(?=(?:b+)+)c", FOREVER),
        ("(?>(?:a+)+)b", FOREVER),
        ("(?:a++)+b", FOREVER),
        ("((a+)x)+", FOREVER),
        ("(?:ab|cd)+x", ""),
        (r"(?:\d|[a-f])+z", ""),
        (r"\d{1,3}(?:\.\d{1,3}){3}", ""),
        (r"acme_[a-z]+-\d+-\w+", ""),
        ("acme_[0-9a-z_]+_[0-9a-z]+", ""),  # begins with a letter of its own, and two may share
        ("(?:a|ab|b)*c", ALIKE),
        ("(?:a|aa)+c", ALIKE),
        ("(?:foo|bar|baz)+c", ALIKE),
        ("(?:(?:aa?){16}){16}c", WAYS),
        ("(a{1,15}){1,15}c", WAYS),
        ("a*a*a*a*a*c", SHARED),
        (".*.*.*c", SHARED),
        ("[a-z]+x[a-z]+", SHARED),
        (r"x\w*\d*\w*c", SHARED),
        ("a*", EMPTY),
        ("(?:abc)?", EMPTY),
        ("", EMPTY),
        ("a(", "it is no regular expression: missing ), unterminated subpattern"),
        ("a{5000000000}", "it is no regular expression: it grows too large"),
        ("[z-a]", "it is no regular expression: bad character range z-a"),
    ],
)
def test_objections(pattern: str, said: str) -> None:
    assert objection(pattern) == said


AIMED = "".join(("a" * 40, "ab" * 40, "abc" * 20, "1" * 40, "x" * 40))


@given(st.recursive(
    st.sampled_from(["a", "b", "ab", ".", r"\w", r"\d", "[a-c]", "[^a]", "x", "-"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{3}", "{1,9}", "{2,}", "{0,40}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=8,
))  # fmt: skip
@settings(max_examples=int(os.environ.get("RUNCREW_PATTERN_EXAMPLES", "300")))
def test_what_is_not_refused_ends(drawn: str) -> None:
    pattern = f"k{drawn}!"
    if not objection(pattern):
        with must_end():
            re.compile(pattern).search(f"k{AIMED}")

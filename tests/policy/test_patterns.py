"""Which regular expressions a policy may bring along."""

from __future__ import annotations

import pytest

from runcrew_lint.policy.patterns import objection

FOREVER = "a repetition inside a repetition can take forever"
EMPTY = "it matches the empty string"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("acme_(?:live|test)_[0-9a-z]{24}", ""),
        (r"\bAC[0-9a-f]{32}\b", ""),
        ("a+b+c+", ""),
        ("(?:ab){3}x*y", ""),
        ("(?:a{2}){8}", ""),  # bounded on both sides
        ("(a+)+", FOREVER),
        ("(?:a*)*b", FOREVER),
        ("(?:a|b+)+c", FOREVER),
        ("x(?:[a-z]{1,40}-){2,}", FOREVER),
        ("(?:(?:a{1,20})b){1,20}", FOREVER),
        ("a(?=(?:b+)+)c", FOREVER),
        ("(?>(?:a+)+)b", FOREVER),
        ("(?:a++)+b", FOREVER),
        ("((a+)x)+", FOREVER),
        ("a*", EMPTY),
        ("(?:abc)?", EMPTY),
        ("", EMPTY),
        ("a(", "it is no regular expression: missing ), unterminated subpattern"),
        ("[z-a]", "it is no regular expression: bad character range z-a"),
    ],
)
def test_objections(pattern: str, said: str) -> None:
    assert objection(pattern) == said

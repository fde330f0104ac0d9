"""A .dockerignore's patterns, as a table of cases and held against a second implementation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.containers import dockerignore
from runcrew_lint.domains.containers.ignoring import keeps_out
from runcrew_lint.text import Source
from tests.consulting import Consulting

CASES = [
    (".env", ".env", True),
    (".env", "api/.env", False),
    ("**/.env", "api/.env", True),
    ("**/.env", ".env", True),
    ("/.env", ".env", True),
    ("./.env", ".env", True),
    ("api", "api/.env", True),
    ("api/", "api/.env", True),
    ("api/**", "api/.env", True),
    ("api/**", "api", False),
    ("*/.env", "api/.env", True),
    ("*/.env", "api/v1/.env", False),
    (".env*", ".env.local", True),
    (".env.*", ".env", False),
    ("*.pem", "certs/a.pem", False),
    ("**/*.pem", "certs/a.pem", True),
    ("**.pem", "certs/a.pem", True),
    ("[ab].txt", "a.txt", True),
    ("[^ab].txt", "c.txt", True),
    ("?.txt", "a.txt", True),
    ("a\\*", "a*", True),
    ("a\\*", "ab", False),
    ("*\n!.env", ".env", False),
    ("!.env\n*", ".env", True),
    ("api\n!api/keep", "api/keep/.env", False),
    ("api\n!api/keep\napi/keep/.env", "api/keep/.env", True),
    ("# .env", ".env", False),
    (" # .env", "# .env", True),
    ("  .env  ", ".env", True),
    ("! .env\n", ".env", False),
    ("[", "[", False),
    ("", ".env", False),
]


def _keeps_out(text: str, path: str) -> bool:
    return keeps_out(dockerignore.read(Source(".dockerignore", text), Consulting({})).lines, path)


@pytest.mark.parametrize(("text", "path", "expected"), CASES)
def test_patterns(text: str, path: str, expected: bool) -> None:
    assert _keeps_out(text, path) == expected


def test_places() -> None:
    text = "# c\n\n  !api/ \r\n"
    (line,) = dockerignore.read(Source(".dockerignore", text), Consulting({})).lines
    assert (line.pattern, line.negated, text[slice(*line.span)]) == ("api", True, "!api/")


_STEPS = ["a", "b", "ab", "*", "**", "?", "a*", "*b", "**b", "[ab]", "a.b", ".a", "\\a", "[^a]", "..", "."]
_PATTERNS = st.lists(st.sampled_from(_STEPS), min_size=1, max_size=4).map("/".join)
_PATHS = st.lists(st.sampled_from(["a", "b", "ab", "aab", "a.b", ".a", "c"]), min_size=1, max_size=4).map(
    "/".join
)


@given(st.lists(st.tuples(st.booleans(), _PATTERNS), min_size=1, max_size=4), _PATHS)
@settings(max_examples=1500, deadline=None)
def test_both_match_alike(lines: list[tuple[bool, str]], path: str) -> None:
    oracle: Any = pytest.importorskip("e2b_dockerfile_utils", reason="e2b-dockerfile-utils is not installed")
    patterns = ["!" * negated + pattern for negated, pattern in lines]
    try:
        expected = oracle.PatternMatcher(patterns).matches(path)
    except ValueError:
        return
    assert _keeps_out("\n".join(patterns), path) == expected

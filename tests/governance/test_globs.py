"""Patterns of CODEOWNERS with many wildcards: walked as a regular expression would, and in bounded time."""

from __future__ import annotations

import random
import time

import pytest

from runcrew_lint.domains.review import globs

PIECES = ("a", "b", "/", "*", "**", "**/", "?", "/**", "a/")


def _answer(pattern: str, path: str, few: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(globs, "_FEW", few)
    globs.owner_glob.cache_clear()
    return globs.owner_glob(pattern)(path)


def test_walked_and_compiled_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    random_one = random.Random("globs")
    taken = 0
    for _ in range(3_000):
        pattern = "".join(random_one.choice(PIECES) for _ in range(random_one.randrange(1, 7)))
        steps = [
            "".join(random_one.choice("ab") for _ in range(2)) for _ in range(random_one.randrange(1, 5))
        ]
        path = "/".join(steps)
        compiled = _answer(pattern, path, 99, monkeypatch)
        assert _answer(pattern, path, -1, monkeypatch) == compiled, (pattern, path)
        taken += compiled
    assert taken > 500


@pytest.mark.parametrize("few", [99, -1])
@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        ("docs/", "docs", False),
        ("docs/", "docs/a", True),
        ("docs/", "x/docs/a/b", True),
        ("/docs/api/", "docs/api", False),
        ("/docs/api/", "docs/api/a", True),
        ("d*/", "docs", False),
        ("docs/**/", "docs/a", True),
        ("docs", "docs", True),
    ],
)
def test_a_folder_is_no_file(
    pattern: str, path: str, matched: bool, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _answer(pattern, path, few, monkeypatch) is matched


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("**/" * 30 + "a", "x/" * 60 + "b"), ("*a" * 20, "a" * 200 + "b"), ("/*a*a*a*a/**/b", "a" * 300 + "/c")],
)
def test_many_wildcards_cost_little(pattern: str, path: str) -> None:
    started = time.process_time()
    assert not globs.owner_glob(pattern)(path)
    assert time.process_time() - started < 1

"""Filter patterns as GitHub's cheat sheet has them."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.workflows.globs import BadGlob, check, is_literal, matches

# pattern, names it matches, names it does not
CHEATS: list[tuple[str, list[str], list[str]]] = [
    ("feature/*", ["feature/a", "feature/"], ["feature/a/b", "feature"]),
    ("feature/**", ["feature/a", "feature/a/b"], ["feature"]),
    ("main", ["main"], ["mai", "mainx", "a/main"]),
    ("*", ["main", "v1"], ["a/b"]),
    ("**", ["main", "a/b/c"], []),
    ("*feature", ["mona-feature", "feature"], ["a/feature"]),
    ("v2*", ["v2", "v2.0"], ["v1"]),
    ("v[12].[0-9]+.[0-9]+", ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1.0", "v1x0x0"]),
    ("*.jsx?", ["page.js", "page.jsx"], ["page.jsxx"]),
    ("**/docs/**", ["docs/a", "dir/docs/b/c"], ["dir/doc"]),
    ("**/README.md", ["README.md", "js/README.md"], ["README.mdx"]),
    ("[CB]at", ["Cat", "Bat"], ["Rat"]),
    ("a\\*", ["a*"], ["ab"]),
    ("a+", ["a", "aaa"], [""]),
    ("a.b", ["a.b"], ["axb"]),
    ("[a-", [], ["a", "[a-"]),
]


@pytest.mark.parametrize(("pattern", "names", "others"), CHEATS)
def test_one_pattern(pattern: str, names: list[str], others: list[str]) -> None:
    assert [name for name in names + others if matches([pattern], name)] == names


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        (["releases/**", "!releases/**-alpha"], "releases/10", True),
        (["releases/**", "!releases/**-alpha"], "releases/10-alpha", False),
        (["!releases/**-alpha", "releases/**"], "releases/10-alpha", True),
        (["**", "!a", "a"], "a", True),
        (["!a"], "b", False),
        ([], "a", False),
    ],
)
def test_order_decides(patterns: list[str], name: str, expected: bool) -> None:
    assert matches(patterns, name) is expected


@pytest.mark.parametrize("pattern", ["", "!", "[a", "+a", "?", "[z-a]", "v[0-9"])
def test_bad_patterns(pattern: str) -> None:
    with pytest.raises(BadGlob):
        check(pattern)


@pytest.mark.parametrize("pattern", ["!a", "v[0-9]+", "a\\[", "feature/**", "a]"])
def test_good_patterns(pattern: str) -> None:
    check(pattern)


def test_literals() -> None:
    assert [each for each in ("main", "a/b", "v*", "!a", "v[1]", "a?") if is_literal(each)] == ["main", "a/b"]

"""What globs name, asked all at once, is what each of them names alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.policy.globs import ByGlob, glob_pattern, matched

_PARTS = ("a", "b", "ab", "*", "**", "?", "[ab]", "[a/b]", "a*", "a**", "")
GLOBS = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=4).map("/".join).filter(bool)
PATHS = st.lists(st.sampled_from(("a", "b", "ab", "ba")), min_size=1, max_size=4).map("/".join)


@given(st.lists(st.lists(GLOBS, max_size=2), max_size=6), PATHS)
def test_all_at_once_is_one_after_another(named: list[list[str]], path: str) -> None:
    given_ = list(enumerate(named))
    alone = [at for at, globs in given_ if not globs or any(glob_pattern(glob).match(path) for glob in globs)]
    assert ByGlob(given_).of(path) == alone
    assert ByGlob(given_).has(path) == bool(alone)


def test_two_stars_within_a_name_need_no_slash() -> None:
    assert matched(["ab", "a/b", "b"], ["a**/b"]) == {"ab", "a/b"}


def test_a_set_may_match_a_slash() -> None:
    assert matched(["xa/b", "x/a/b"], ["x[/b]a/b"]) == {"x/a/b"}


def test_nor_is_what_stands_in_a_set_a_name() -> None:
    assert matched(["a", "b", "x"], ["[a/b/c]"]) == {"a", "b"}

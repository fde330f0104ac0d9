"""Both ways of finding literals give the same answer."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.secrets.matcher import matcher, plain
from runcrew_lint.domains.secrets.names import styles

LITERALS = ["aba", "bab", "token", "TOKEN", "Token", "api_key", "key", "://", "비밀"]
_TEXTS = st.lists(
    st.sampled_from([*LITERALS, "a", "b", "tOken", "İ", "ß", "K", "\n", "é", "\U0001f3c3"])
).map("".join)


@given(_TEXTS | st.text(max_size=60))
def test_they_agree(text: str) -> None:
    assert matcher(LITERALS)(text) == plain(LITERALS)(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ababa", [(0, 3), (1, 4), (2, 5)]),
        ("İtoken", [(1, 6)]),
        ("비밀비밀", [(0, 2), (2, 4)]),
        ("tOken", []),
        ("api_key", [(0, 7), (4, 7)]),
        ("\ud800token", [(1, 6)]),
    ],
)
def test_places_are_characters_and_overlap(text: str, found: list[tuple[int, int]]) -> None:
    assert matcher(LITERALS)(text) == plain(LITERALS)(text) == found


def test_the_wheel_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ahocorasick_rs", None)
    assert matcher(["token"])("a token") == [(2, 7)]


def test_every_style_of_a_name() -> None:
    wanted = {
        "JWT_SECRET",
        "jwt_secret",
        "jwt-secret",
        "JWT-SECRET",
        "jwtSecret",
        "JwtSecret",
        "jwt.secret",
        "JWTSECRET",
    }
    assert wanted <= styles("JWT_SECRET")

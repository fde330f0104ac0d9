"""What a terminal makes of a character."""

from __future__ import annotations

import pytest

from runcrew_lint.reporters.look import columns, visible


@pytest.mark.parametrize(
    ("text", "shown", "width"),
    [
        ("", "", 0),
        ("abc", "abc", 3),
        ("러닝 크루", "러닝 크루", 9),
        ("ランニング", "ランニング", 10),
        ("ｱ", "ｱ", 1),  # halfwidth katakana
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2),  # 한, as macOS writes it
        ("e\u0301", "e\u0301", 1),
        ("🏃", "🏃", 2),
        ("\t", "    ", 4),
        ("\x1b[0m", "\\x1b[0m", 7),
        ("a\nb", "a\\x0ab", 6),
        ("\u202e", "\\u202e", 6),
        ("\u200b", "\\u200b", 6),
        ("\u00a0", "\\xa0", 4),
        ("\u3000", "\\u3000", 6),
        ("\U000e0061", "\\U000e0061", 10),  # a tag character: invisible
        ("\udcff", "\\udcff", 6),  # a byte of a path that is no text
    ],
)
def test_what_is_shown(text: str, shown: str, width: int) -> None:
    assert visible(text) == shown
    assert columns(text) == width

"""Places in an editor's units, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind

from runcrew_lint import text
from runcrew_lint.editor.positions import Ruler

UTF8, UTF16, UTF32 = PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32


@pytest.mark.parametrize(
    ("written", "offset", "utf8", "utf16", "utf32"),
    [
        ("image: redis", 7, (0, 7), (0, 7), (0, 7)),
        ("이미지: redis", 5, (0, 11), (0, 5), (0, 5)),
        ("🚀🚀: redis", 4, (0, 10), (0, 6), (0, 4)),
        ("한🚀\nb🇰🇷c", 6, (1, 9), (1, 5), (1, 3)),
        ("a\r\n한b", 4, (1, 3), (1, 1), (1, 1)),
        ("a\rb", 2, (1, 0), (1, 0), (1, 0)),
        ("a\x0cb\u2028c", 4, (0, 6), (0, 4), (0, 4)),  # neither ends a line
        ("abc", 3, (0, 3), (0, 3), (0, 3)),
        ("abc\n", 4, (1, 0), (1, 0), (1, 0)),
        ("", 0, (0, 0), (0, 0), (0, 0)),
    ],
)
def test_a_place_in_each_unit(
    written: str, offset: int, utf8: tuple[int, int], utf16: tuple[int, int], utf32: tuple[int, int]
) -> None:
    for units, expected in ((UTF8, utf8), (UTF16, utf16), (UTF32, utf32)):
        ruler = Ruler(written, units)
        assert ruler.position(offset) == Position(*expected)
        assert ruler.offset(Position(*expected)) == offset
        assert ruler.at(ruler.source.position(offset)) == Position(*expected)


def test_a_byte_order_mark_is_a_character_of_the_editor_alone() -> None:
    ruler = Ruler("\ufeffab\ncd", UTF16)
    assert ruler.position(1) == Position(0, 2)
    assert ruler.offset(Position(0, 2)) == 1
    assert ruler.offset(Position(0, 0)) == 0
    assert ruler.position(4) == Position(1, 1)


@pytest.mark.parametrize(
    ("asked", "offset"),
    [((0, 99), 2), ((9, 0), 5), ((0, 1), 0), ((0, 2), 1), ((1, 7), 5)],  # "🚀b\n", then "cd"
)
def test_a_position_that_is_none_is_the_nearest_before_it(asked: tuple[int, int], offset: int) -> None:
    assert Ruler("🚀b\ncd", UTF16).offset(Position(*asked)) == offset


def test_a_place_behind_the_text_is_its_end() -> None:
    ruler = Ruler("ab\nc", UTF16)
    assert ruler.position(99) == Position(1, 1)
    assert ruler.at(text.Position(7, 1)) == Position(1, 1)


@given(st.text(st.sampled_from("a:한🚀é\u0301\n\r\t\ufeff\u2028\x0c")), st.integers(0, 40))
def test_there_and_back(written: str, offset: int) -> None:
    for units in (UTF8, UTF16, UTF32):
        ruler = Ruler(written, units)
        offset = min(offset, len(ruler.source.text))
        back = ruler.offset(ruler.position(offset))
        crlf = ruler.source.text[offset - 1 : offset + 1] == "\r\n"  # no place of an editor is between them
        assert back == offset - crlf

"""Env files, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.documents import env
from runcrew_lint.text import Source


def _parsed(text: str) -> env.EnvDocument:
    return env.parse(Source(".env", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", [("A", "1")]),
        ("A=1\nB=2\n", [("A", "1"), ("B", "2")]),
        ("A=1\r\nB=2\r\n", [("A", "1"), ("B", "2")]),
        ("export A=1\n", [("A", "1")]),
        ("  A = 1  \n", [("A", "1")]),
        ("A=\nB=\n", [("A", ""), ("B", "")]),
        ("A\nB=1\n", [("A", None), ("B", "1")]),
        ("A=1 # one\n# A=2\n\n", [("A", "1")]),
        ("A=a#b\n", [("A", "a#b")]),
        ("A='a # b' # c\n", [("A", "a # b")]),
        ('A="one\ntwo"\nB=3\n', [("A", "one\ntwo"), ("B", "3")]),
        ('A="a \\" b"\n', [("A", 'a \\" b')]),
        ("A=x=y\n", [("A", "x=y")]),
        ('A="open\nB=1\n', [("A", '"open'), ("B", "1")]),
        ("A=1\nA=2\n", [("A", "1"), ("A", "2")]),
        ("", []),
        ("이름=값\n", [("이름", "값")]),
    ],
)
def test_assignments(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(each.name, each.value) for each in _parsed(text).assignments] == expected


def test_places_are_those_of_names_and_values() -> None:
    text = "# 주석\nexport A='b c'\nD = e # f\n"
    for each in _parsed(text).assignments:
        assert text[slice(*each.name_span)] == each.name
        assert text[slice(*each.span)] == each.value


def test_a_line_that_is_none() -> None:
    text = "A=1\n  two words \n'x'=1\nA+b/c\n-----BEGIN X-----\nabc\n-----END X-----\nB=2\n"
    assert [text[slice(*span)] for span in _parsed(text).malformed] == [
        "two words",
        "'x'=1",
        "A+b/c",
        "-----BEGIN X-----\nabc\n-----END X-----",
    ]
    assert [each.name for each in _parsed(text).assignments] == ["A", "B"]


@given(st.text(alphabet="A=\"'#\\ \n\r\t$x"))
def test_every_text_reads(text: str) -> None:
    document = _parsed(text)
    spans = [*document.malformed, *(each.span for each in document.assignments)]
    assert all(0 <= start <= end <= len(text) for start, end in spans)

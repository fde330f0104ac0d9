"""What the JSON readers take, refuse, and where they say so."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Node, Scalar, at, plain, walk
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

RELAXED = [
    ("{}", {}),
    ("// a\n{a: 1,} /* b */", {"a": 1}),
    ("{'a': 'it\\'s', $b_1: [1, 2,]}", {"a": "it's", "$b_1": [1, 2]}),
    ("[0x1F, +1, -2, .5, 5., 1e3, -0b11, 0o17]", [31, 1, -2, 0.5, 5.0, 1000.0, -3, 15]),
    ("[true, false, null, Infinity, -Infinity]", [True, False, None, math.inf, -math.inf]),
    ('"\\u0041\\x42\\n\\\n\\q\\ud83d\\ude00"', "AB\nq\U0001f600"),
    ('"\\ud83d"', "\ufffd"),
    ("\ufeff\u00a0{}\u2028", {}),
    ("/ {} /", {}),
    ("//\n{}// x", {}),
    ('{"a": 1, "a": 2}', {"a": 2}),
    ('"a\tb\rc"', "a\tb\rc"),
]
REFUSED = [
    ("", 0),
    (" \n", 0),
    ("{} //", 3),
    ("{} /*", 3),
    ("# a\n{}", 0),
    ("[1,,2]", 3),
    ("[,]", 1),
    ("{,}", 1),
    ("{a}", 2),
    ("{1: 2}", 1),
    ("`a`", 0),
    ("undefined", 0),
    ("{} {}", 3),
    ("01", 1),
    ("-NaN", 0),
    ('"a\nb"', 2),
    ('"\\u12G4"', 3),
    ('"open', 0),
    ("[1", 2),
    ("\x1c{}", 0),
    ("{\ud55c: 1}", 1),
]
STRICT_REFUSES = ["{a: 1}", "[1,]", "// a\n1", "'a'", "+1", ".5", "NaN", "[-Infinity]", '"\t"', "", "[1] x"]


def relaxed(text: str) -> Node:
    return json.parse_relaxed(Source("eas.json", text))


@pytest.mark.parametrize(("text", "value"), RELAXED)
def test_relaxed_reads(text: str, value: Any) -> None:
    assert plain(relaxed(text)) == value


def test_an_exponent_with_a_bar_is_not_a_number() -> None:
    node = relaxed("1e|5")
    assert isinstance(node, Scalar)
    assert isinstance(node.value, float)
    assert math.isnan(node.value)


@pytest.mark.parametrize(("text", "offset"), REFUSED)
def test_relaxed_refuses(text: str, offset: int) -> None:
    with pytest.raises(Unreadable) as caught:
        relaxed(text)
    assert caught.value.span.start == offset


@pytest.mark.parametrize("text", STRICT_REFUSES)
def test_strict_refuses(text: str) -> None:
    with pytest.raises(Unreadable):
        json.parse(Source("package.json", text))


def test_strict_says_where() -> None:
    with pytest.raises(Unreadable) as caught:
        json.parse(Source("package.json", '{"a": 1,\n "b": NaN}'))
    assert caught.value.span == (15, 18)


@pytest.mark.parametrize("parse", [json.parse, json.parse_relaxed])
def test_a_deep_file_ends(parse: Any) -> None:
    with pytest.raises(Unreadable):
        parse(Source("a.json", "[" * 100_000))
    deep = json.MAX_DEPTH
    assert parse(Source("a.json", "[" * deep + "]" * deep))
    with pytest.raises(Unreadable, match="nested deeper"):
        parse(Source("a.json", "[" * (deep + 1) + "]" * (deep + 1)))


def test_every_value_knows_its_place() -> None:
    text = "{ 'a': [1, \"\ud55c\"], // c\n b: {c: -2} }"
    root = relaxed(text)
    found = [text[node.span.start : node.span.end] for node in walk(root) if isinstance(node, Scalar)]
    assert found == ["1", '"\ud55c"', "-2"]
    inner = at(root, "b")
    assert inner is not None
    assert text[inner.span.start : inner.span.end] == "{c: -2}"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_whatever_json_writes_is_read_back(value: Any, indent: Any, ascii_only: bool) -> None:
    import json as standard

    text = standard.dumps(value, indent=indent, ensure_ascii=ascii_only)
    source = Source("a.json", text)
    expected = standard.loads(text)
    if "\\ud" not in text.lower():
        assert plain(json.parse(source)) == plain(json.parse_relaxed(source)) == expected


def test_what_is_no_json_is_told_in_the_parsers_words() -> None:
    with pytest.raises(Unreadable) as refused:
        json.parse(Source("a.json", '{"a" 1}'))
    assert (refused.value.message, refused.value.span.start) == ("not JSON: expecting ':' delimiter", 5)

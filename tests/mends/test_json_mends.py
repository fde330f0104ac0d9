"""JSON as people write it, with one value more: every other character stays, and EAS reads what was meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.documents.json import parse_relaxed
from runcrew_lint.documents.tree import Mapping, at, plain
from runcrew_lint.engine.mend import apply
from runcrew_lint.mends import json
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place, Source, Span


def _insert(text: str, path: tuple[str, ...], value: Plain, holder: str = "p") -> str | None:
    source = Source("f", text)
    root = source.derive(parse_relaxed)
    assert isinstance(root, Mapping)
    entry = root.entry(holder)
    assert entry
    told: tuple[tuple[str, Plain], ...] = (
        ("title", "does it"), ("safety", "safe"), ("value", value), ("path", path),
    )  # fmt: skip
    fix = json.insert_member(MendRequest("json.insert_member", Place("f", entry.key.span), told), source)
    return apply(text, [fix], "f")[0] if fix else None


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ('{"p": {}}', ("a",), "x", '{"p": {"a": "x"}}'),
        ('{ "p": {} }', ("a", "b"), True, '{ "p": { "a": { "b": true } } }'),
        ('{"p": {"b": 1}}', ("a",), "x", '{"p": {"b": 1, "a": "x"}}'),
        ("{p: {b: 1,},}", ("a",), "x", '{p: {b: 1, a: "x",},}'),
        ("{p: {b: 'y'}}", ("a",), "x", "{p: {b: 'y', a: 'x'}}"),
        ("{'p': {'b': 'y'}}", ("a",), 2, "{'p': {'b': 'y', 'a': 2}}"),
        ("{p: {b: 'y'}}", ("a",), "it's", None),
        ('{"p": {"b": 1}}', ("b",), "x", '{"p": {"b": "x"}}'),
        ('{"p": {"b": null}}', ("b",), "x", '{"p": {"b": "x"}}'),
        ('{"p": {"b": 1, "b": 2}}', ("b",), 3, '{"p": {"b": 1, "b": 3}}'),
        ('{"p": {"b": {"c": 1}}}', ("b", "a"), 3, '{"p": {"b": {"c": 1, "a": 3}}}'),
        ('{"p": {"b": {"c": 1}}}', ("b",), 3, None),
        ('{"p": {"b": 1}}', ("b", "a"), 3, None),
        ('{"p": [1]}', ("a",), 3, None),
        ('{"p": {/* nothing yet */}}', ("a",), 3, None),
        ('{"p": {"b": 1 /* why */}}', ("a",), 3, None),
        ('{"p": {\n  "b": 1\n}}', ("a",), 3, '{"p": {\n  "b": 1,\n  "a": 3\n}}'),
        ('{"p": {\r\n\t"b": 1,\r\n}}', ("a",), 3, '{"p": {\r\n\t"b": 1,\r\n\t"a": 3,\r\n}}'),
        ('{"p": {\n  "b": 1}}', ("a",), 3, '{"p": {\n  "b": 1,\n  "a": 3}}'),
        ('{"p": {\n  "b": 1 // why\n}}', ("a",), 3, '{"p": {\n  "b": 1, // why\n  "a": 3\n}}'),
        ('{"p": {\n  "b": 1, // why\n}}', ("a",), 3, '{"p": {\n  "b": 1, // why\n  "a": 3,\n}}'),
        ('{"p": {\n  "b": 1 /* why */\n  // end\n}}', ("a",), 3,
         '{"p": {\n  "b": 1, /* why */\n  "a": 3\n  // end\n}}'),
        ('{"p": {\n  "b": 1 /* two\n lines */ }}', ("a",), 3, None),
        ('{"p": {\n  "b": 1 // why\n  , "c": 2 /* x */ /* y */ }}', ("a",), 3, None),
        ('{"p": {"b": {\n  "c": 1\n}}}', ("a",), 3, '{"p": {"b": {\n  "c": 1\n}, "a": 3}}'),
    ],
)  # fmt: skip
def test_insert_member(before: str, path: tuple[str, ...], value: Plain, after: str | None) -> None:
    assert _insert(before, path, value) == after


_GAPS = st.sampled_from(["", " ", "\n  ", "\n  // c\n  ", " /* c */ ", "\r\n\t"])


@given(
    st.lists(_GAPS, min_size=8, max_size=8), st.booleans(), st.integers(0, 2), st.sampled_from(["'", '"', ""])
)
def test_what_is_inserted_is_read_back(gaps: list[str], trailing: bool, count: int, quote: str) -> None:
    members = [f"{gaps[i]}{quote}k{i}{quote}:{gaps[2 + i]}{i}{gaps[4 + i]}" for i in range(count)]
    body = ",".join(members) + ("," if trailing and count else "") + gaps[6]
    text = f"{{p: {{{body}}}, q: 1}}"
    after = _insert(text, ("new", "deep"), "v")
    if after is None:
        assert "c" in body  # only a comment is in the way
        return
    expected: Any = plain(parse_relaxed(Source("f", text)))
    expected["p"]["new"] = {"deep": "v"}
    assert plain(parse_relaxed(Source("f", after))) == expected
    assert after.count("c") == text.count("c")  # no comment is lost


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("{a: 'x'}", "y", "{a: 'y'}"),
        ('{"a": "x"} // x', 'q"', '{"a": "q\\""} // x'),
        ('{"a": true}', "y", '{"a": "y"}'),
        ("{a: 1, b: 'z'}", "y", "{a: 'y', b: 'z'}"),
        ('{"a": "true"}', False, '{"a": false}'),
        ("{a: 'x'}", "it's", None),
        ('{"a": {}}', 1, None),
    ],
)
def test_set_value(before: str, value: Plain, after: str | None) -> None:
    source = Source("f", before)
    node = at(source.derive(parse_relaxed), "a")
    assert node
    told: tuple[tuple[str, Plain], ...] = (("title", "does it"), ("safety", "safe"), ("value", value))
    fix = json.set_value(MendRequest("json.set_value", Place("f", node.span), told), source)
    assert (apply(before, [fix], "f")[0] if fix else None) == after


def test_a_place_that_has_moved_is_refused() -> None:
    source = Source("f", "{a: 1}")
    told: tuple[tuple[str, Plain], ...] = (("title", "t"), ("safety", "safe"), ("value", 2), ("path", ("b",)))
    request = MendRequest("json.set_value", Place("f", Span(0, 3)), told)
    assert json.set_value(request, source) is None
    assert json.insert_member(request, source) is None
    assert json.set_value(request, Source("f", "{a: ")) is None

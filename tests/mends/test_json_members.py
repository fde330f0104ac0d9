"""Members taken out, moved and renamed: what comes of a text, and that it still reads as it should."""

from __future__ import annotations

import pytest

from runcrew_lint.documents.json import parse_relaxed
from runcrew_lint.documents.tree import Mapping, plain, walk
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place, Source, Span


def key_span(text: str, name: str) -> Span:
    for node in walk(parse_relaxed(Source("f", text))):
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.key.value == name:
                    return entry.key.span
    raise AssertionError(name)


def mended(function: str, text: str, name: str, **told: Plain) -> str | None:
    arguments = (("title", "t"), ("safety", "safe"), *told.items())
    request = MendRequest(f"json_members.{function}", Place("f", key_span(text, name)), arguments)
    fix = realise(request, Source("f", text))
    return apply(text, [fix], "f")[0] if fix else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"x": 1}', "{}"),
        ('{ "x": 1, }', "{}"),
        ('{"x": 1, "b": 2}', '{"b": 2}'),
        ('{"a": 1, "x": 2}', '{"a": 1}'),
        ('{"a": 1, "x": 2, "b": 3}', '{"a": 1, "b": 3}'),
        ("{a: 1, x: 2,}", "{a: 1,}"),
        ('{\n  "x": 1,\n  "b": 2\n}', '{\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "x": {\n    "y": 2\n  }\n}\n', '{\n  "a": 1\n}\n'),
        ("{\n  a: 1, // one\n  x: 2 // two\n}", "{\n  a: 1 // one\n}"),
        ("{\r\n  a: 1,\r\n  x: 2,\r\n}", "{\r\n  a: 1,\r\n}"),
        ("{/* c */ x: 1}", None),
        ("{a: 1, /* c */ x: 2}", None),
    ],
)
def test_remove(text: str, expected: str | None) -> None:
    found = mended("remove", text, "x")
    assert found == expected
    if found is not None:
        before = plain(parse_relaxed(Source("f", text)))
        del before["x"]
        assert plain(parse_relaxed(Source("f", found))) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"x": "apk"}', '{"m": {"x": "apk"}}'.replace('"m"', '"into"')),
        ("{ x: 'apk', b: 1 }", "{ into: { x: 'apk' }, b: 1 }"),
        ('{"x": 1, "into": {"y": 2}}', '{"into": {"y": 2, "x": 1}}'),
        ('{"into": {},\n "x": 1}', '{"into": {"x": 1}}'),
        ('{"into": 3, "x": 1}', None),
    ],
)
def test_move_down(text: str, expected: str | None) -> None:
    found = mended("move_down", text, "x", into="into")
    assert found == expected
    if found is not None:
        value = plain(parse_relaxed(Source("f", found)))
        assert "x" not in value
        assert "x" in value["into"]


def test_rename() -> None:
    assert mended("rename", '{"x": 1}', "x", key="y") == '{"y": 1}'
    assert mended("rename", "{x: 1}", "x", key="y") == "{y: 1}"

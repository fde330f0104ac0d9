"""A scalar's text: every character that is written finds its place."""

from __future__ import annotations

import pytest

from runcrew_lint.documents import json, yaml
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.tree import Scalar, at
from runcrew_lint.text import Source

CASES = [
    "run: eas build",
    "run: 'it''s eas build'",
    'run: "a \\"b\\" \\t eas \\u0041 build"',
    "run: |\n  one\n    eas build\n\n  last\n",
    "run: |2-\n    eas\n  build\n",
    "run: >-\n  eas\n  build\n\n  last\n",
    "run: >\n  eas build\n",
    "run: eas\n  build --profile\n  x\n",
    "run: |\r\n  eas build\r\n  x\r\n",
    "run: |\n  \ud55c\uae00 eas\n  build\n",
    "run: |+ # comment\n  eas build\n\n",
]


@pytest.mark.parametrize("text", CASES)
def test_yaml(text: str) -> None:
    source = Source("w.yml", text)
    scalar = at(source.derive(yaml.parse), "run")
    assert isinstance(scalar, Scalar)
    value = str(scalar.value)
    found = spliced(text, scalar)
    assert found.text == value
    for word in ("eas", "build", "last"):
        start = value.find(word)
        if start >= 0:
            span = found.span(start, start + len(word))
            assert text[span.start : span.end] == word


def test_json() -> None:
    text = '{"a": "say \\"x\\" && \\u0065as build"}'
    scalar = at(json.parse(Source("package.json", text)), "a")
    assert isinstance(scalar, Scalar)
    found = spliced(text, scalar)
    start = found.text.index("build")
    span = found.span(start, start + 5)
    assert text[span.start : span.end] == "build"

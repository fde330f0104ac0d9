"""Waiting for health: a list becomes a mapping with its other items kept; what has comments is refused."""

from __future__ import annotations

import pytest

from runcrew_lint.engine.mend import apply
from runcrew_lint.mends import compose
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place, Source, Span

HEAD = "services:\n  a:\n    depends_on:"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" [db]\n", " {db: {condition: service_healthy}}\n"),
        ("\n    - db\n    x: 1\n", "\n      db:\n        condition: service_healthy\n    x: 1\n"),
        ("\n    - db # why\n    - b\n", None),
        (' ["a b", db]\n', None),
    ],
)
def test_a_list_becomes_a_mapping(before: str, after: str | None) -> None:
    text = HEAD + before
    at = text.index("db")
    request = MendRequest("compose.wait_until_healthy", Place("f", Span(at, at + 2)))
    fix = compose.wait_until_healthy(request, Source("f", text))
    assert (apply(text, [fix], "f")[0] if fix else None) == (HEAD + after if after else None)

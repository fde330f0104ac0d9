"""Names of a module that only calls use which go: they go, too, and nothing else does."""

from __future__ import annotations

import pytest

from runcrew_lint.engine.mend import applied
from runcrew_lint.mends.python_idle import idle
from runcrew_lint.text import Source, Span

GONE = "new.create(op.get_bind())"
UP = f"\n\ndef upgrade():\n    {GONE}\n"


def left(head: str, more: str = "") -> str:
    """The module above upgrade(), without what only the call has used."""
    text = head + UP + more
    source = Source("r.py", text)
    start = text.index(GONE)
    edits = idle(source, {Span(start, start + len(GONE))})
    return applied(text, edits).partition("\n\ndef upgrade")[0]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("a = 1\nnew = sa.Enum('x')\n", "a = 1\n"),
        ("a = 1\n# the new ones\nnew = sa.Enum('x')\n", "a = 1\n"),
        ("a = 1\n\nmore = ('x', 'y')\nnew = sa.Enum(*more)\n", "a = 1\n"),
        (
            "old = ('x',)\nmore = sorted(old + ('y',))\nnew = ENUM(*more)\nlast = old\n",
            "old = ('x',)\nlast = old\n",
        ),
        # Somebody else uses it, or it does more than make a value.
        ("new = sa.Enum('x')\nother = new\n", None),
        ("new = made()\n", None),
        ("new = sa.Enum(made())\n", None),
        ("new = other = sa.Enum('x')\n", None),
        ("new = sa.Enum('x'); a = 1\n", None),
        ("if a:\n    new = sa.Enum('x')\n", None),
        ("unused = sa.Enum('x')\n", None),
    ],
)
def test_what_nothing_else_uses_goes(head: str, expected: str | None) -> None:
    assert left(head).strip() == (head if expected is None else expected).strip()


def test_what_another_function_uses_stays() -> None:
    head = "new = sa.Enum('x')\n"
    assert left(head, "\n\ndef downgrade():\n    new.drop(op.get_bind())\n") == head

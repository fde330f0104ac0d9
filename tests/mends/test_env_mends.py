"""Mends of env files: nothing but what they name changes, and what has moved is refused."""

from __future__ import annotations

import pytest

from runcrew_lint.engine.mend import apply
from runcrew_lint.mends import env
from runcrew_lint.model.mend import Fix, MendRequest, Safety
from runcrew_lint.text import Place, Source, Span


def _asked(mend: str, text: str, marked: str) -> tuple[Fix | None, str]:
    """The fix of what stands between « and » in `marked`, and the text after it."""
    start, end = marked.index("«"), marked.index("»") - 1
    assert marked.replace("«", "").replace("»", "") == text
    request = MendRequest(f"env.{mend}", Place(".env", Span(start, end)), (("name", "A"),))
    fix: Fix | None = getattr(env, mend)(request, Source(".env", text))
    return fix, apply(text, [fix], ".env")[0] if fix else text


def test_close_up() -> None:
    for gap in (" = ", "=\t", "  ="):
        fix, after = _asked("close_up", f"A{gap}1\nB = 2\n", f"A«{gap}»1\nB = 2\n")
        assert fix
        assert fix.safety is Safety.SAFE
        assert after == "A=1\nB = 2\n"
    assert _asked("close_up", "A : 1\n", "A« : »1\n")[0] is None


@pytest.mark.parametrize(
    ("before", "marked", "after"),
    [
        ("A=1\nB=2\n", "«A»=1\nB=2\n", "B=2\n"),
        ("B=2\nexport A=1\nC=3\n", "B=2\nexport «A»=1\nC=3\n", "B=2\nC=3\n"),
        ("B=2\nA=1", "B=2\n«A»=1", "B=2\n"),
        ("B=2\r\nA=1\r\nC=3\r\n", "B=2\r\n«A»=1\r\nC=3\r\n", "B=2\r\nC=3\r\n"),
    ],
)
def test_drop_line(before: str, marked: str, after: str) -> None:
    fix, written = _asked("drop_line", before, marked)
    assert fix
    assert fix.safety is Safety.UNSAFE
    assert written == after


def test_drop_line_refuses_another_name() -> None:
    assert _asked("drop_line", "AB=1\n", "«AB»=1\n")[0] is None


@pytest.mark.parametrize(
    ("before", "marked", "after"),
    [
        ("A=secret\nB=2\n", "A=«secret»\nB=2\n", "A=\nB=2\n"),
        ('A="secret" # why\n', 'A="«secret»" # why\n', "A= # why\n"),
        ("export A='s'\n", "export A='«s»'\n", "export A=\n"),
        ("A = secret\n", "A = «secret»\n", "A = \n"),
    ],
)
def test_empty(before: str, marked: str, after: str) -> None:
    fix, written = _asked("empty", before, marked)
    assert fix
    assert fix.safety is Safety.UNSAFE
    assert "secret" not in fix.title
    assert written == after


def test_empty_refuses_a_part_of_a_value() -> None:
    assert _asked("empty", "A=one,two\n", "A=one,«two»\n")[0] is None

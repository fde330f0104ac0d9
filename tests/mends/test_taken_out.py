"""What is left of a function that calls are taken out of, and where none can be."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from runcrew_lint.documents import python
from runcrew_lint.engine.mend import applied
from runcrew_lint.mends.python_removal import removed
from tests.mends.test_refusals import source, span_of

A, B = "a.one()", "a.two()"
OPENED = "with opened() as a:"


def left(
    upgrade: str, puts: dict[str, list[str]], *, behind: bool = True, within: bool = False, ends: str = "\n"
) -> str | None:
    """The function's lines then."""
    text = source(upgrade)
    text = type(text)(text.path, text.text.removesuffix("\n") + ends)
    (function,) = (each for each in text.derive(python.parse).body if isinstance(each, ast.FunctionDef))
    by_span = {span_of(text, call): lines for call, lines in puts.items()}
    edits = removed(text, function, by_span, behind=behind, within=within)
    return dedent(applied(text.text, edits).partition("upgrade():\n")[2]) if edits is not None else None


@pytest.mark.parametrize(
    ("upgrade", "puts", "made"),
    [
        (f"{A}\n{B}", {A: []}, f"{B}\n"),
        (f"{A}\n{B}", {A: [], B: []}, "pass\n"),
        (f"{A}\n{B}", {A: [], B: ["x()"]}, "x()\n"),
        (f"{A}\n{B}", {A: ["x()", "y()"], B: []}, "x()\ny()\n"),
        (f"{A}\n# other\n\n{B}\nlast()", {A: [], B: []}, "# other\n\nlast()\n"),
        (f"first()\n\n{A}\n\nlast()", {A: []}, "first()\n\nlast()\n"),
        (f"first()\n\n{A}\nlast()", {A: []}, "first()\n\nlast()\n"),
        (f"# why\n{A}  # so\nlast()", {A: []}, "last()\n"),
        (f"{A}\n\nlast()", {A: []}, "last()\n"),
        (f"# op.drop_table('t')\n{A}\nlast()", {A: []}, "# op.drop_table('t')\nlast()\n"),
        (f"# batch_op.f('t',\n#     'x')\n{A}\nlast()", {A: []}, "# batch_op.f('t',\n#     'x')\nlast()\n"),
        (f"# op. asks (why)\n{A}\nlast()", {A: []}, "last()\n"),
        (f"{OPENED}\n    {A}", {A: []}, "pass\n"),
        (f"{OPENED}\n    {A}", {A: ["x()"]}, "x()\n"),
        (f"first()\n{OPENED}\n    {A}", {A: []}, "first()\n"),
        (f"{OPENED}\n    {A}\n    {B}", {A: []}, f"{OPENED}\n    {B}\n"),
        (f"{OPENED}\n    {A}\n    {B}", {A: ["x()", "y()"]}, f"{OPENED}\n    {B}\nx()\ny()\n"),
        # What is said of a call stands above the lines in its place, not above what comes next.
        (
            f"{OPENED}\n    # one\n    {A}  # so\n    {B}",
            {A: ["x()"]},
            f"{OPENED}\n    {B}\n# one\n# so\nx()\n",
        ),
        (f"{OPENED}\n    # one\n    {A}\n    # two\n    {B}", {A: ["x()"], B: []}, "# one\nx()\n"),
        (f"{OPENED}\n    # one\n    {A}", {A: ["x()"]}, "# one\nx()\n"),
        (f"{OPENED}\n    # two\n    {A}\n    {B}", {A: ["x()"]}, f"{OPENED}\n    # two\n    {B}\nx()\n"),
        (
            f"{OPENED}\n    # one, two\n    {A}\n    {B}",
            {A: ["x()"]},
            f"{OPENED}\n    # one, two\n    {B}\n# one, two\nx()\n",
        ),
        (f"{OPENED}\n    a.three()\n{A}", {A: []}, f"{OPENED}\n    a.three()\n"),
    ],
)
def test_calls_are_taken_out(upgrade: str, puts: dict[str, list[str]], made: str) -> None:
    assert left(upgrade, puts) == made
    assert (left(upgrade, puts, ends="") or "").rstrip("\n") == made.rstrip("\n")


def test_a_file_that_ends_with_what_goes_ends_without_a_line_end() -> None:
    assert left(A, {A: []}, ends="") == "pass"
    assert left(A, {A: []}) == "pass\n"


def test_lines_go_before_a_batch_or_into_it() -> None:
    upgrade = f"{OPENED}\n    {A}\n    {B}"
    assert left(upgrade, {A: ["x()"]}, behind=False) == f"x()\n{OPENED}\n    {B}\n"
    assert left(upgrade, {A: ["x()"]}, within=True) == f"{OPENED}\n    x()\n    {B}\n"
    assert left(upgrade, {A: ["x()"], B: []}, within=True) == f"{OPENED}\n    x()\n"
    assert left(f"first()\n{OPENED}\n    {A}", {A: []}, within=True) == "first()\n"
    asked = f"if ready:\n    {A}\nelse:\n    {B}"
    assert left(asked, {A: []}, within=True) == f"if ready:\n    pass\nelse:\n    {B}\n"
    assert left(asked, {B: ["x()"]}, within=True) == f"if ready:\n    {A}\nelse:\n    x()\n"
    assert left(asked, {A: []}) is None


@pytest.mark.parametrize(
    "upgrade",
    [
        f"for each in every:\n    {A}",
        f"with opened() as a, other():\n    {A}\n    {B}",
        f"with opened():\n    {A}\n    {B}",
        f"with opened() as (a, b):\n    {A}\n    {B}",
        f"with opened() as a:\n    if ready:\n        {A}",
        f"x = {A}",
        f"{A}; last()",
        f"first(); {A}",
        f"{OPENED} {A}",
    ],
)
@pytest.mark.parametrize("within", [False, True])
def test_calls_are_not_taken_out(upgrade: str, within: bool) -> None:
    assert left(upgrade, {A: []}, within=within) is None

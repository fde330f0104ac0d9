"""Calls that are taken out of a function: all that are asked for, or none."""

from __future__ import annotations

import pytest

from runcrew_lint.engine.mend import applied
from runcrew_lint.mends.python_removal import removed
from runcrew_lint.mends.python_site import function_of
from runcrew_lint.text import Span
from tests.migrations.reading import source_of

GONE = 'op.execute("GONE")'


def taken(upgrade: str, *, within: bool, put: tuple[str, ...] = ()) -> str | None:
    """upgrade() without the call; None where it can't be taken out."""
    source = source_of(upgrade)
    function = function_of(source, "upgrade")
    assert function is not None
    start = source.text.index(GONE)
    edits = removed(source, function, {Span(start, start + len(GONE)): put}, behind=False, within=within)
    if edits is None:
        return None
    text = applied(source.text, edits)
    compile(text, source.path, "exec")
    return text


@pytest.mark.parametrize(
    ("upgrade", "within"),
    [
        ("for at in (1, 2):\n    " + GONE, True),
        (f"try:\n    {GONE}\nfinally:\n    pass", True),
        (f"with op.get_context().autocommit_block():\n    {GONE}", True),
        (f"if True:\n    {GONE}\n    pass", False),
        (f"x = {GONE}", True),
        # Something else stands on its line.
        (f"{GONE}; pass", True),
        (f"pass; {GONE}", False),
    ],
)
@pytest.mark.parametrize("put", [(), ("pass",)])
def test_what_does_not_stand_alone_stays(upgrade: str, within: bool, put: tuple[str, ...]) -> None:
    assert taken(upgrade, within=within, put=put) is None


@pytest.mark.parametrize(
    ("upgrade", "within", "left"),
    [
        (GONE, False, "    pass\n"),
        (f"{GONE}\nop.f()", False, "    op.f()\n"),
        (f"if True:\n    {GONE}", True, "    if True:\n        pass\n"),
        (f"with op.batch_alter_table('a') as b:\n    {GONE}\n    b.c()\n", False, "        b.c()\n"),
        (f"with op.batch_alter_table('a') as b:\n    {GONE}\nop.f()", False, "    op.f()\n"),
    ],
)
def test_what_stands_alone_goes(upgrade: str, within: bool, left: str) -> None:
    text = taken(upgrade, within=within)
    assert text is not None and "GONE" not in text and left in text

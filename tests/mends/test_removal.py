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


LIMIT = "op.execute(\"SET LOCAL lock_timeout = '4s'\")"
ASKED = f'if op.get_context().dialect.name == "postgresql":\n    {LIMIT}'


@pytest.mark.parametrize(
    ("upgrade", "goes"),
    [
        (f"{LIMIT}\n{GONE}", True),
        (f"{ASKED}\n{GONE}", True),
        (f"{LIMIT}\n\n# why\n{GONE}", True),
        (f"{GONE}\n{LIMIT}", True),
        (f"{LIMIT}\n{GONE}\nop.f()", False),
        (f"if x:\n    {LIMIT}\n{GONE}", False),
        (LIMIT.replace("lock_timeout", "work_mem") + f"\n{GONE}", False),
        (LIMIT.replace("LOCAL ", "") + f"\n{GONE}", False),
        (ASKED + f"\n    op.f()\n{GONE}", False),
    ],
)
def test_a_timeout_for_nothing_goes(upgrade: str, goes: bool) -> None:
    text = taken(upgrade, within=False)
    assert text is not None
    body = text.partition("def upgrade():\n")[2].partition("\n\n\n")[0]
    assert (body.rstrip("\n") == "    pass") is goes
    assert ("_timeout" in text or "work_mem" in text) is not goes


def test_a_timeout_can_not_be_put_where_all_goes_meanwhile() -> None:
    source = source_of(GONE)
    function = function_of(source, "upgrade")
    assert function is not None
    start = source.text.index(GONE)
    edits = removed(source, function, {Span(start, start + len(GONE)): ()}, behind=False)
    assert edits is not None
    (edit,) = edits
    line = source.text.index("    " + GONE)  # where one would be put
    assert edit.span.start < line < edit.span.end

"""The same changes in a history that another database runs, too: each is mended for PostgreSQL alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from tests.proof.drawn import FIRST, Change, Draw, Drawn
from tests.proof.drawn import histories as plain

_ASKED = (
    'def upgrade():\n    if op.get_bind().dialect.name == "mysql":\n        op.execute("SET NAMES utf8mb4")\n'
)


@st.composite
def histories(
    draw: Draw,
    change: Callable[[str, int], st.SearchStrategy[Change]],
    drawn_from: Callable[..., st.SearchStrategy[Drawn]] = plain,
) -> Drawn:
    """A base that does something for MySQL, and what comes of a change in a history of some shape."""
    drawn = draw(drawn_from(change))
    assert isinstance(drawn, Drawn)
    asked = drawn.files[FIRST].replace("def upgrade():\n", _ASKED)
    assert asked != drawn.files[FIRST]
    return replace(drawn, files=drawn.files | {FIRST: asked})

"""The same changes in a row of numbered revisions: what follows takes the next number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from tests.proof.drawn import Change, Draw, Drawn
from tests.proof.drawn import histories as plain

_MORE = '''"""more"""

revision = "{name}"
down_revision = "{parent}"


def upgrade():
    pass


def downgrade():
    pass
'''


@st.composite
def histories(draw: Draw, change: Callable[[str, int], st.SearchStrategy[Change]]) -> Drawn:
    """What comes of a change, with more revisions behind it; ids are numbers, or say what is done, too."""
    drawn = draw(plain(change))
    assert isinstance(drawn, Drawn)
    said = draw(st.booleans())
    names = [f"{at:04}_more" for at in range(3, draw(st.integers(9, 11)))]
    ids = ["0001_base", "0002_change", *names] if said else ["0001", "0002", *(each[:4] for each in names)]

    def renamed(text: str) -> str:
        return text.replace('"0001"', f'"{ids[0]}"').replace('"0002"', f'"{ids[1]}"')

    def all_renamed(files: dict[str, str]) -> dict[str, str]:
        return {path: renamed(text) if "/versions/" in path else text for path, text in files.items()}

    more = {
        f"alembic/versions/{file}.py": _MORE.format(name=name, parent=parent)
        for file, name, parent in zip(names, ids[2:], ids[1:], strict=False)
    }
    start = drawn.start.replace("'0001'", f"'{ids[0]}'")
    return replace(
        drawn, files=all_renamed(drawn.files) | more, start=start, instead=all_renamed(drawn.instead)
    )

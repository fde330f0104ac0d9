"""The guides that show commands: each is typed, in order, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.sessions import READ_IN, as_shown, session, typed_in_place

GUIDES = ROOT / "docs" / "guides"

pytestmark = pytest.mark.usefixtures("git")


@pytest.mark.parametrize("guide", sorted(READ_IN))
def test_the_commands_of_a_guide(guide: str, tmp_path: Path) -> None:
    as_shown(typed_in_place(GUIDES / f"{guide}.md", tmp_path))


def test_no_guide_shows_a_command_that_nobody_types() -> None:
    assert {page.stem for page in GUIDES.glob("*.md") if any(session(page))} == READ_IN.keys()

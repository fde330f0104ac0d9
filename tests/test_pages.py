"""The pages that show commands: each is typed, in order, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.components.component import absent
from tests.sessions import READ_IN, Ran, from_clone, ran, release_into, session, typed_in_place

DOCS = ROOT / "docs"
GUIDES = DOCS / "guides"

pytestmark = pytest.mark.usefixtures("git")


def _as_shown(done: list[Ran]) -> None:
    assert done
    for each in done:
        assert each.as_shown, f"exit {each.code} of\n{each.typed.commands}\n{each.printed}"


def test_the_tutorial(tmp_path: Path) -> None:
    clone = release_into(tmp_path / "release")
    install, *rest = session(DOCS / "tutorial.md")
    local = install._replace(commands=from_clone(install.commands, clone))
    here = tmp_path / "here"
    here.mkdir()
    installed, *done = ran([local, *rest], here, {"RUNCREW_LINT_CACHE_DIR": str(tmp_path / "cache")})
    if "No matching distribution" in installed.printed:
        absent("pip install", "pip can't reach its index")
    assert installed.code == 0, installed.printed
    _as_shown(done)


@pytest.mark.parametrize("guide", sorted(READ_IN))
def test_the_commands_of_a_guide(guide: str, tmp_path: Path) -> None:
    _as_shown(typed_in_place(GUIDES / f"{guide}.md", tmp_path))


def test_no_guide_shows_a_command_that_nobody_types() -> None:
    assert {page.stem for page in GUIDES.glob("*.md") if any(session(page))} == READ_IN.keys()

"""What root-user says to do, by what the image stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


@pytest.mark.parametrize(("base", "does"), [("scratch", "USER 65532"), ("debian:12", "useradd")])
def test_what_can_be_done_in_this_image(base: str, does: str, tmp_path: Path) -> None:
    files = {"Dockerfile": f'FROM {base}\nCOPY server /server\nCMD ["/server"]\n'}
    (found,) = run(Request(repository_from(files, tmp_path / "r"), select=("root-user",))).report.findings
    assert does in found.help

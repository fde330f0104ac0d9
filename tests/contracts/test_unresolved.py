"""What no contract could compare is told under --verbose, and else not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import said
from tests.fixtures_git import repository_from

DOCKERFILE = """FROM python:3.12-slim
ARG PORT
EXPOSE $PORT
USER app
CMD ["uvicorn", "a:b", "--port", "80"]
"""
SAID = "info[contract-unresolved] EXPOSE names a port that is set when the image is built: it is not held"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), False),
        (("--verbose",), True),
        (("--verbose", "--select", "images"), False),
        (("--verbose", "--ignore", "contract-unresolved"), False),
        (("--select", "contract-unresolved"), True),
    ],
)
def test_only_who_asks_is_told(asked: tuple[str, ...], told: bool, tmp_path: Path) -> None:
    root = repository_from({"Dockerfile": DOCKERFILE}, tmp_path / "r")
    done = said(root, "--no-cache", "--policy", "recommended", "--format", "concise", *asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (SAID in done.stdout) == told

"""A frame shows no secret where the rules that would tell it are off."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.commands import said
from tests.fixtures_git import repository_from
from tests.generated import KINDS

VALUE = KINDS["hex-secret"](random.Random("unselected")).decode()
# One line, and so one frame, for the exposed port and for the secret.
COMPOSE = (
    'services: {db: {image: "postgres:16", ports: ["5432:5432"], '
    'environment: {POSTGRES_DB: runcrew, JWT_SECRET: "@"}}}\n'
)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "concise"])
@pytest.mark.parametrize(
    "chosen", [["--select", "database-exposed"], ["--ignore", "secrets,compose-secret-literal"]]
)
def test_a_frame_is_veiled(form: str, chosen: list[str], tmp_path: Path) -> None:
    root = repository_from({"docker-compose.prod.yml": COMPOSE.replace("@", VALUE)}, tmp_path / "r")
    done = said(root, "--no-cache", "--policy", "runcrew", "--format", form, *chosen)
    assert "5432" in done.stdout or "database-exposed" in done.stdout, done.stderr
    assert VALUE[4:12] not in done.stdout + done.stderr  # a frame cuts a long line

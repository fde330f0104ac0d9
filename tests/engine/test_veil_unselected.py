"""A frame shows no secret where the rules that would tell it are off."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures_git import repository_from
from tests.generated import KINDS

VALUE = KINDS["hex-secret"](random.Random("unselected")).decode()
COMPOSE = """services:
  db:
    image: postgres:16
    environment: {POSTGRES_DB: runcrew, JWT_SECRET: @}
    ports: ["5432:5432"]
"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "concise"])
@pytest.mark.parametrize(
    "chosen", [["--select", "database-exposed"], ["--ignore", "secrets,compose-secret-literal"]]
)
def test_a_frame_is_veiled(form: str, chosen: list[str], tmp_path: Path) -> None:
    root = repository_from({"docker-compose.prod.yml": COMPOSE.replace("@", VALUE)}, tmp_path / "r")
    program = Path(sys.executable).with_name("runcrew-lint")
    done = subprocess.run(
        [program, "--no-cache", "--policy", "runcrew", "--format", form, *chosen],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "5432" in done.stdout or "database-exposed" in done.stdout, done.stderr
    assert VALUE[4:] not in done.stdout + done.stderr

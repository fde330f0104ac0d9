"""Where a policy's packages may lie."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from runcrew_lint.policy.packages import installed


def test_what_lies_in_the_repository_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for a virtual environment, which is none of its files."""
    root = tmp_path / "root"
    there = [str(tmp_path / "lib"), str(root / ".venv/lib/python3/site-packages")]
    monkeypatch.setattr(sys, "path", ["", str(root), str(root / "src"), *there])
    assert list(installed(root)) == there

"""How a release comes about: the same bytes from every folder, by workflows that may little."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runcrew_lint.engine.run import Request, run
from tests.checkout import BUILT_FROM, ROOT, copy_to
from tests.tools.lowest import declared, oldest

WORKFLOWS = [ROOT / ".github/workflows/ci.yml", ROOT / ".github/workflows/release.yml"]


def _built(folder: Path, umask: int, when: int) -> dict[str, str]:
    """The digests of sdist and wheel, of a copy with other times and modes."""
    copy = copy_to(folder / "checkout", *BUILT_FROM)
    for path in copy.rglob("*"):
        path.chmod(0o777 & ~umask if path.is_dir() else 0o666 & ~umask)
        os.utime(path, (when, when))
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder / "dist")]
    kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(command, cwd=copy, env=kept, umask=umask, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in (folder / "dist").iterdir()}


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Wherever, whenever and by whomever."""
    first = _built(tmp_path / "one", 0o022, 1_600_000_000)
    second = _built(tmp_path / "another/place", 0o077, 1_700_000_000)
    assert len(first) == 2
    assert first == second


def test_every_lower_bound_is_a_version() -> None:
    assert len(oldest(declared())) == len(declared())
    with pytest.raises(ValueError, match="no lower"):
        oldest(["a>=1"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_its_actions_are_pinned_and_its_jobs_may_little(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action, _ in used)
    assert all(re.fullmatch(r" # v[\d.]+", version) for _, version in used)
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for name, job in workflow["jobs"].items():
        writes = {key for key, value in job.get("permissions", {}).items() if value == "write"}
        runs = [step for step in job["steps"] if "run" in step or "checkout" in step.get("uses", "")]
        assert not (writes and runs), f"{name} may write, so it runs nothing of the repository"
        assert "secrets." not in str(job)


def test_the_linter_has_nothing_to_say_of_them() -> None:
    targets = frozenset((".github", "action.yml"))
    assert run(Request(ROOT, targets)).report.findings == ()


def test_zizmor_has_nothing_to_say_of_them() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("zizmor is not installed")
    command = [str(zizmor), "--offline", "--no-progress", "--persona=auditor", ".github", "action.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

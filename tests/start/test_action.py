"""The composite action and the workflows: an auditor finds nothing, and the commands do what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runcrew_lint.engine.start.workflow import workflow_text
from tests.checkout import ROOT
from tests.components.component import absent
from tests.fixtures_git import change_to, repository_from
from tests.snippets import blocks

pytestmark = pytest.mark.usefixtures("git")
ACTION = ROOT / "action.yml"
DOCUMENT = ROOT / "docs" / "required-check.md"
BIN = Path(sys.executable).parent
POLICY = {".runcrew-lint.yaml": "extends: recommended\n"}
GOOD = 'FROM python:3.13\nUSER app\nCMD ["python"]\n'


def test_an_auditor_finds_nothing(tmp_path: Path) -> None:
    zizmor = BIN / "zizmor"
    if not zizmor.exists():
        absent("zizmor", "it is not installed beside Python")
    files = {"action.yml": ACTION.read_text(), ".github/workflows/init.yml": workflow_text()}
    root = repository_from(files, tmp_path / "r")
    done = subprocess.run(
        [str(zizmor), "--offline", "--persona=pedantic", "--no-progress", str(root)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    broken = repository_from({"action.yml": ACTION.read_text().replace("$SOURCE", "${{ inputs.since }}")},
                             tmp_path / "broken")  # fmt: skip
    done = subprocess.run([str(zizmor), "--offline", str(broken)], capture_output=True, check=False)
    assert done.returncode != 0, "it would have said so"


@pytest.mark.parametrize("schema", ["vendor.github-actions", "vendor.github-workflows"])
def test_they_are_what_github_reads(schema: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text(ACTION.read_text() if schema.endswith("actions") else workflow_text())
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_docs_show_what_init_writes() -> None:
    assert [each.text for each in blocks(DOCUMENT) if each.language == "yaml"] == [workflow_text()]


def test_every_action_is_pinned_alike() -> None:
    texts = [ACTION.read_text(), DOCUMENT.read_text(), workflow_text()]
    used = {line.split("uses: ")[1] for text in texts for line in text.splitlines() if "uses: " in line}
    assert all(len(each.split("@")[1].split()[0]) == 40 for each in used)
    assert len({each.split("@")[0] for each in used}) == len(used), "one commit an action"


@pytest.mark.parametrize(("docker", "since", "code"), [(GOOD, "HEAD~1", 0), ("FROM python\n", "HEAD~1", 1),
                                                        ("FROM python\n", "", 1)])  # fmt: skip
def test_its_last_step_is_the_check(docker: str, since: str, code: int, tmp_path: Path) -> None:
    step = yaml.safe_load(ACTION.read_text())["runs"]["steps"][-1]
    root = repository_from({**POLICY, "Dockerfile": GOOD}, tmp_path / "r")
    change_to(root, {**POLICY, "Dockerfile": docker})
    programs = tmp_path / "runcrew-lint" / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "runcrew-lint").symlink_to(BIN / "runcrew-lint")
    given = {"SINCE": since, "FAIL_ON": "error", "SARIF": "out.sarif", "RUNNER_TEMP": str(tmp_path)}
    cache = {"RUNCREW_LINT_CACHE_DIR": str(tmp_path / "cache")}
    assert set(given) - {"RUNNER_TEMP"} | set(cache) == set(step["env"])
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=root, env={**os.environ, **given, **cache},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert ("::error file=Dockerfile" in done.stdout) == bool(code)
    assert (root / "out.sarif").exists()

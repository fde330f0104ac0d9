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


def _last_step(root: Path, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What the action's last step does in a checkout, on a runner whose scratch is `folder`."""
    step = yaml.safe_load(ACTION.read_text())["runs"]["steps"][-1]
    programs = folder / "runcrew-lint" / "venv" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)
    (programs / "runcrew-lint").write_text("from runcrew_lint.console import main\nmain()\n")
    inputs = {"SINCE": "", "FAIL_ON": "error", "SARIF": "out.sarif", **given}
    cache = {"RUNCREW_LINT_CACHE_DIR": str(folder / "cache")}
    assert inputs.keys() - {"PYTHONPATH"} | cache.keys() == step["env"].keys()
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=root, env={**os.environ, **inputs, **cache, "RUNNER_TEMP": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("docker", "since", "code"), [(GOOD, "HEAD~1", 0), ("FROM python\n", "HEAD~1", 1),
                                                        ("FROM python\n", "", 1)])  # fmt: skip
def test_its_last_step_is_the_check(docker: str, since: str, code: int, tmp_path: Path) -> None:
    root = repository_from({**POLICY, "Dockerfile": GOOD}, tmp_path / "r")
    change_to(root, {**POLICY, "Dockerfile": docker})
    done = _last_step(root, tmp_path / "a runner's", SINCE=since)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("::error file=Dockerfile" in done.stdout) == bool(code)
    assert (root / "out.sarif").exists()


HOSTILE = "-x\n$(touch ran)`touch ran`;touch ran #'\"*"


@pytest.mark.parametrize(
    "value", [HOSTILE, "HEAD --fail-on error --format json=ran", "error --format json=ran"]
)
@pytest.mark.parametrize("name", ["SINCE", "FAIL_ON"])
def test_what_is_wrong_in_an_input_is_one_line(name: str, value: str, tmp_path: Path) -> None:
    root = repository_from({"Dockerfile": GOOD}, tmp_path / "r")
    done = _last_step(root, tmp_path, **{name: value})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert {each.name for each in root.iterdir()} == {".git", "Dockerfile"}


def test_a_report_has_the_name_that_it_was_given(tmp_path: Path) -> None:
    root = repository_from({"Dockerfile": GOOD}, tmp_path / "r")
    assert _last_step(root, tmp_path, SARIF=HOSTILE).returncode == 0
    assert {each.name for each in root.iterdir()} == {".git", "Dockerfile", HOSTILE}


def test_a_path_of_python_that_names_the_checkout_is_not_followed(tmp_path: Path) -> None:
    """Many a workflow sets one for its tests: what a stranger wrote would run, and say that all is well."""
    planted = "open('ran', 'w').close()\nraise SystemExit(0)\n"
    names = ("click", "runcrew_lint", "sitecustomize", "json")
    root = repository_from(
        {"Dockerfile": "FROM python\n", **{f"{each}.py": planted for each in names}}, tmp_path / "r"
    )
    done = _last_step(root, tmp_path, PYTHONPATH=".")
    assert done.returncode == 1, done.stderr
    assert not (root / "ran").exists()
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    assert [each["env"].get("PYTHONPATH") for each in steps if "pip" in each.get("run", "")] == [""]

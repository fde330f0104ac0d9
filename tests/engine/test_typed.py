"""What lies in no file yet counts as it would if it were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from tests.commands import said
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
LATEST = 'FROM python\nUSER app\nCMD ["python"]\n'
POLICY = ".runcrew-lint.yaml"
FILES = {
    POLICY: "extends: recommended\nexclude: [{glob: old/**, reason: nobody runs it}]\n",
    ".gitignore": "*.local\n",
    "Dockerfile": LATEST,
    "old/Dockerfile": LATEST,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository_from(FILES, tmp_path / "r")


@pytest.mark.parametrize(
    ("path", "linted"), [("new.Dockerfile", True), ("Dockerfile.local", False), ("old/Dockerfile", False)]
)
def test_what_is_kept_out_is_not_linted_because_it_is_typed(root: Path, path: str, linted: bool) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    done = said(root, "--stdin-filename", path, stdin=LATEST)
    assert ("base-untagged" in done.stdout) is linted
    assert (f"nothing in {path} is linted: git ignores it, or it is excluded" in done.stdout) is not linted


@pytest.mark.parametrize(
    ("overlay", "found"),
    [
        ({}, ["Dockerfile"]),
        ({POLICY: b"extends: recommended\n"}, ["Dockerfile", "old/Dockerfile"]),
        ({POLICY: b"rules: {ignore: [base-untagged]}\nextends: recommended\n"}, []),
        ({POLICY: b"extends: ours.yaml\n", "ours.yaml": b"rules: {ignore: [images]}\n"}, []),
    ],
)
def test_a_policy_that_is_typed_counts(root: Path, overlay: dict[str, bytes], found: list[str]) -> None:
    report = run(Request(root, select=("base-untagged",) if found else (), overlay=overlay)).report
    assert [each.path for each in report.findings if each.rule == "base-untagged"] == found


def test_so_does_its_mistake(root: Path) -> None:
    with pytest.raises(SetupError, match="postgress") as raised:
        run(Request(root, overlay={POLICY: b"extends: recommended\npostgress: 16\n"}))
    assert raised.value.where == f"{POLICY}:2:1"

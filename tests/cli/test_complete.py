"""What a shell is told to complete, by click's own protocol, and by bash itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.own.rules import NO_X, OWN, POLICY
from tests.snippets import block

pytestmark = pytest.mark.usefixtures("git")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a rule of its own."""
    return repository_from({**POLICY, OWN: NO_X, "a.py": "y\n"}, tmp_path_factory.mktemp("complete") / "r")


def completed(root: Path, *words: str) -> list[str]:
    """What click tells bash about the last of these words, as `type,value`."""
    return _asked(root, "bash", " ".join(("runcrew-lint", *words)), str(len(words))).split()


def _asked(root: Path, shell: str, words: str, at: str) -> str:
    return said(root, _RUNCREW_LINT_COMPLETE=f"{shell}_complete", COMP_WORDS=words, COMP_CWORD=at).stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["expl"], ["plain,explain"]),
        (["test-"], ["plain,test-rules"]),
        (["--allow"], ["plain,--allow-plugins"]),
        (["--format", "gitl"], ["plain,gitlab"]),
        (["--format", "sarif=o"], ["file,o"]),
        (["--policy", "run"], ["plain,runcrew"]),
        (["--policy", "lint/"], ["file,lint/"]),
        (["--select", "no-x"], ["plain,no-x"]),
        (["--select", "eas,drop-column-st"], ["plain,eas,drop-column-still-used"]),
        (["--ignore", "migr"], ["plain,migrations"]),
        (["rules", "ow"], ["plain,own", "plain,owners-gap"]),
        (["explain", "eas-unk"], ["plain,eas-unknown-key"]),
        (["rules", "--severity", "w"], ["plain,warning"]),
        (["config", "sch"], ["plain,schema"]),
    ],
)
def test_click_tells(words: list[str], found: list[str], root: Path) -> None:
    told = completed(root, *words)
    assert set(found) <= set(told)
    assert all(each.partition(",")[2].startswith(words[-1].split("=")[-1]) for each in told)


def test_a_broken_policy_breaks_no_completion(tmp_path: Path) -> None:
    root = repository_from({".runcrew-lint.yaml": "nonsense: 1\n"}, tmp_path / "r")
    assert completed(root, "--select", "drop-column-st") == ["plain,drop-column-still-used"]


LINES = {
    line.rpartition("/")[2]: line
    for line in block(ROOT / "docs/living-with-it.md", "What a shell completes", "sh").text.splitlines()
}
PROGRAM = Path(sys.executable).with_name("runcrew-lint")


def _shell(script: str, root: Path, *shell: str) -> str:
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    cache = str(root.parent / "cache")
    done = subprocess.run(
        [*shell, script],
        cwd=root,
        env={**os.environ, "PATH": path, "RUNCREW_LINT_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes(root: Path) -> None:
    """The line of the guide, then the function that it registers, as bash calls it."""
    script = f"""
        {LINES[".bashrc"].partition("  #")[0]}
        COMP_WORDS=(runcrew-lint --select no-) COMP_CWORD=2
        $(complete -p runcrew-lint | sed 's/.*-F \\([^ ]*\\).*/\\1/') runcrew-lint no- --select
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    assert "no-x" in _shell(script, root, "bash", "--norc", "-c").split()


@pytest.mark.parametrize(("shell", "file"), [("zsh", ".zshrc"), ("fish", "config.fish")])
def test_the_other_shells_are_told_what_they_ask(shell: str, file: str, root: Path) -> None:
    """Their scripts are click's own; where the shell is there, it reads the line of the guide."""
    assert f"_RUNCREW_LINT_COMPLETE={shell}_source runcrew-lint" in LINES[file]
    script = said(root, _RUNCREW_LINT_COMPLETE=f"{shell}_source").stdout
    assert f"_RUNCREW_LINT_COMPLETE={shell}_complete" in script
    answer = _asked(root, shell, "runcrew-lint --select no-x", "2" if shell == "zsh" else "no-x")
    assert "no-x" in answer and "what is not wanted here" in answer
    if shutil.which(shell):
        before = "autoload -Uz compinit && compinit -u; " if shell == "zsh" else ""
        _shell(before + LINES[file].partition("  #")[0], root, shell, "-c")

"""`make lint`: lints fixtures/bad/runcrew, shows the findings, and says whether they are as expected."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.fixtures_git import git, repository_of

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "fixtures" / "bad" / "runcrew"
EXPECTED = FIXTURE.with_name("runcrew.expected.yaml")
RULES = ROOT / "rules"
FINDINGS = 1  # the exit code of a run that found errors


class Seen(NamedTuple):
    """What tells one finding from another here."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.rule}"


def seen(findings: list[dict[str, Any]]) -> set[Seen]:
    """The findings of a JSON report, or of the list of what was planted."""
    return {Seen(each["path"], each["line"], each["rule"]) for each in findings}


def difference(expected: set[Seen], found: set[Seen]) -> list[str]:
    """One line for each finding that is in only one of them, in reading order."""
    lines = [(each, f"  missing     {each}") for each in expected - found]
    lines += [(each, f"  unexpected  {each}") for each in found - expected]
    return [line for _, line in sorted(lines)]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the linter that is installed beside this Python, as a user would."""
    command = [str(Path(sys.executable).with_name("runcrew-lint")), *arguments]
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )


def main() -> int:
    """Returns 0 when the findings are the expected ones, 1 when not, 2 when they can't be had."""
    if shutil.which("git") is None:
        print("make lint: git is not installed, and the fixture is a git repository", file=sys.stderr)
        return 2
    planted = seen(yaml.safe_load(EXPECTED.read_text(encoding="utf-8")))
    known = {file.stem for file in RULES.rglob("*.yaml")}
    expected = {each for each in planted if each.rule in known}
    with tempfile.TemporaryDirectory(prefix="runcrew-lint-") as temporary:
        folder = repository_of(FIXTURE, Path(temporary) / "runcrew")
        # A change that nobody has merged: what the default branch has is not shown one by one.
        git(folder, "branch", "--move", "feature/planted-faults")
        print("$ runcrew-lint    (in a fresh copy of fixtures/bad/runcrew)\n", flush=True)
        # A cache of its own: the first run is cold, the second warm.
        cache = ("--cache-dir", str(Path(temporary) / "cache"))
        text, data = lint(folder, *cache), lint(folder, *cache, "--format", "json")
    print(text.stdout, flush=True)
    if (text.returncode, data.returncode) != (FINDINGS, FINDINGS):
        codes = f"{text.returncode} as text and {data.returncode} as JSON"
        print(f"make lint: the linter exited with {codes} instead of {FINDINGS}", file=sys.stderr)
        return 2
    try:
        report = json.loads(data.stdout)
    except json.JSONDecodeError:
        print("make lint: the linter broke down: what it wrote is no JSON", file=sys.stderr)
        return 2
    differs = difference(expected, seen(report["findings"]))
    if differs:
        print(
            f"make lint: not the findings of {EXPECTED.relative_to(ROOT)}:",
            *differs,
            sep="\n",
            file=sys.stderr,
        )
        return 1
    print(f"make lint: these are the {len(expected)} findings that are expected of this fixture")
    if waiting := {each.rule for each in planted - expected}:
        print(f"({len(planted - expected)} more faults are planted for {len(waiting)} rules to come)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

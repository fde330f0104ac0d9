"""`make bench`: our linter beside its peers on generated histories, and on real checkouts where named.

    python -m benchmarks.run [--runs N] [--real DIR ...]

A DIR is a checkout whose Alembic history is measured as it is, and the whole of it cold and warm.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.history import write
from benchmarks.installed import installed
from benchmarks.measure import Contender, compare, table
from tests.fixtures_git import git

PEERS = ("zdm", "lockcheck", "alembic-guard")
# Where each of these installs a `gitleaks` of its own, the real one has to come first on PATH.
SECRETS = {
    "kingfisher": ("scan", ".", "--git-history", "none", "--no-validate", "--no-update-check", "--quiet"),
    "betterleaks": ("fs", ".", "--exit-code", "0", "--silent"),
    "gitleaks": ("dir", ".", "--no-banner", "--exit-code", "0"),
}
_PARSE = (
    "import ast, pathlib, sys; [ast.parse(f.read_bytes()) for f in pathlib.Path(sys.argv[1]).glob('*.py')]"
)


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def _history(ours: Sequence[str], versions: Path, root: Path, cache: Path, runs: int) -> str:
    warm = [*ours, "--cache-dir", str(cache)]
    where = str(versions.relative_to(root))
    contenders = [
        Contender("ast.parse on the same files", [sys.executable, "-c", _PARSE, where], root),
        Contender(
            "runcrew-lint cold, migrations", [*ours, "--no-cache", "--select", "migrations", where], root
        ),
        Contender("runcrew-lint warm, migrations", [*warm, "--select", "migrations", where], root),
        Contender("runcrew-lint cold, every rule", [*ours, "--no-cache", where], root),
        Contender("runcrew-lint --version", [*ours, "--version"], root),
    ]
    peers = ((name, _program(name)) for name in PEERS)
    contenders += [Contender(name, [found, where], root) for name, found in peers if found]
    compare(contenders, runs)
    return table(contenders)


def _whole(ours: Sequence[str], root: Path, cache: Path, runs: int) -> str:
    contenders = [
        Contender("runcrew-lint cold", [*ours, "--no-cache"], root),
        Contender("the same with two processes", [*ours, "--no-cache", "--jobs", "2"], root),
        Contender("runcrew-lint warm", [*ours, "--cache-dir", str(cache)], root),
        Contender("runcrew-lint --version", [*ours, "--version"], root),
        Contender("git ls-files", ["git", "ls-files", "-z"], root),
    ]
    compare(contenders, runs)
    return table(contenders)


def _secrets(ours: Sequence[str], root: Path, runs: int) -> str:
    """The secrets rules beside the peers on PATH, over the files as they lie; no service is asked."""
    contenders = [
        Contender("runcrew-lint, secrets", [*ours, "--no-cache", "--select", "secrets"], root),
        *(Contender(name, [found, *SECRETS[name]], root) for name in SECRETS if (found := _program(name))),
    ]
    compare(contenders, runs)
    return table(contenders)


def _versions_in(root: Path) -> Path | None:
    """The folder with the most revisions."""
    listed = subprocess.run(["git", "ls-files", "*/versions/*.py"], cwd=root, capture_output=True, text=True)
    folders = [str(Path(line).parent) for line in listed.stdout.splitlines()]
    return root / max(set(folders), key=folders.count) if folders else None


def _about() -> str:
    lines = [f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"]
    for name in ("runcrew-lint", *PEERS):
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} not installed")
    return ", ".join(lines)


def main() -> None:
    """Prints the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--real", type=Path, action="append", default=[], metavar="DIR")
    asked = parser.parse_args()
    print(f"{_about()}; {asked.runs} rounds, medians, ratios to the first row of each table")
    with tempfile.TemporaryDirectory(prefix="runcrew-lint-bench-") as folder:
        ours = [str(installed(Path(folder) / "installed"))]
        for revisions in (447, 1000):
            root = Path(folder) / str(revisions)
            versions = write(root, revisions)
            git(root, "init", "--quiet")
            git(root, "add", "--all")
            print(f"\n## A generated history of {revisions} revisions\n")
            print(_history(ours, versions, root, Path(folder) / "cache", asked.runs), flush=True)
        for root in asked.real:
            commit = git(root, "rev-parse", "--short=10", "HEAD").strip()
            count = len(git(root, "ls-files").splitlines())
            versions_in = _versions_in(root)
            if versions_in:
                files = len(list(versions_in.glob("*.py")))
                print(f"\n## The history of {root.name} at {commit} ({files} files)\n")
                print(_history(ours, versions_in, root, Path(folder) / "cache", asked.runs), flush=True)
            print(f"\n## The whole of {root.name} at {commit} ({count:,} tracked files)\n")
            print(_whole(ours, root, Path(folder) / "cache", asked.runs), flush=True)
            print(f"\n## The secrets of {root.name}\n")
            print(_secrets(ours, root, asked.runs), flush=True)


if __name__ == "__main__":
    main()

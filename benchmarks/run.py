"""`make bench`: our linter beside its peers on generated inputs, and on real checkouts where named.

    python -m benchmarks.run [--runs N] [--real DIR ...]

A DIR is a checkout whose Alembic history is measured as it is, and the whole of it, beside everybody.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from benchmarks import delivery, history, peers
from benchmarks.installed import installed
from benchmarks.measure import Contender, compare, quickest, table
from benchmarks.resident import Resident
from tests.fixtures_git import git
from tests.scratch import scratch

_PARSE = (
    "import ast, pathlib, sys; [ast.parse(f.read_bytes()) for f in pathlib.Path(sys.argv[1]).glob('*.py')]"
)
_FILES = ("workflows", "images", "compose")


class Bench:
    """One linter, one cache, so many rounds."""

    def __init__(self, ours: Path, cache: Path, runs: int, resident: Resident) -> None:
        self._ours, self._runs, self._resident = str(ours), runs, resident
        self._cold, self._warm = [self._ours, "--no-cache"], [self._ours, "--cache-dir", str(cache)]

    def history(self, root: Path, versions: Path, mendable: str = "") -> str:
        """A history of migrations.

        Arguments:
            mendable: what its newest revision is once more, with one finding that has a fix.
        """
        where, newest = versions.relative_to(root), history.newest(versions)
        ours = ("--select", "migrations", str(where))
        return self._table([
            Contender("ast.parse on the same files", [sys.executable, "-c", _PARSE, str(where)], root),
            Contender("runcrew-lint cold, migrations", [*self._cold, *ours], root),
            Contender("runcrew-lint warm, migrations", [*self._warm, *ours], root),
            *self._hooks(root, newest),
            *(self._hooks(root, newest, mendable) if mendable else ()),
            Contender("runcrew-lint cold, every rule", [*self._cold, str(where)], root),
            self._version(root),
            *peers.contenders(root, ["migrations"], where),
        ])  # fmt: skip

    def files(self, root: Path) -> str:
        """Workflows, images and compose files, beside those who read one of the three."""
        return self._table([
            Contender("runcrew-lint cold", [*self._cold, "--policy", "recommended"], root),
            Contender("runcrew-lint warm", [*self._warm, "--policy", "recommended"], root),
            Contender("runcrew-lint map, cold", [self._ours, "map", "--no-cache"], root),
            *self._hooks(root, min(root.glob("**/flow-*.yml"), default=root / "services/s0/Dockerfile")),
            self._version(root),
            *peers.contenders(root, _FILES),
        ])  # fmt: skip

    def whole(self, root: Path, versions: Path | None) -> str:
        """A whole checkout, beside everybody."""
        where = versions.relative_to(root) if versions else None
        return self._table([
            Contender("runcrew-lint cold", self._cold, root),
            Contender("runcrew-lint cold, one process", [*self._cold, "--jobs", "1"], root),
            Contender("runcrew-lint warm", self._warm, root),
            self._version(root),
            Contender("git ls-files", ["git", "ls-files", "-z"], root),
            *peers.contenders(root, [*_FILES, "secrets", "migrations"], where),
        ])  # fmt: skip

    def secrets(self, root: Path) -> str:
        """The secrets rules alone, over the files as they lie; no service is asked."""
        ours = Contender("runcrew-lint, secrets", [*self._cold, "--select", "secrets"], root)
        return self._table([ours, *peers.contenders(root, ["secrets"])])

    def _hooks(self, root: Path, file: Path, text: str = "") -> Iterator[Contender]:
        """One changed file as the pre-commit hook names it, all else known; in a copy of its own.

        Arguments:
            text: what the file is, where that is not what stands in it.
        """
        apart = root.with_name(f"{root.name}-hook")
        if not apart.exists():
            shutil.copytree(root, apart, symlinks=True)
        named = file.relative_to(root)

        content, numbers = text or file.read_text(), count()

        def change() -> None:
            (apart / named).write_text(f"{content}# {next(numbers)}\n")

        said = f"runcrew-lint warm, {file.name} changed and named" + ", with a fix" * bool(text)
        command = [*self._warm, str(named)]
        yield Contender(said, command, apart, prepare=change)
        resident = self._resident
        answered = Contender(
            f"{said}, by the resident", command, apart,
            prepare=change, environment=resident.environment, elsewhere=resident.seconds,
        )  # fmt: skip
        answered.run(count=False)
        resident.listens()
        answered.run(count=False)
        yield answered

    def _version(self, root: Path) -> Contender:
        return Contender("runcrew-lint --version", [self._ours, "--version"], root)

    def _table(self, contenders: Sequence[Contender]) -> str:
        compare(contenders, self._runs)
        together = quickest(contenders) if len({each.family for each in contenders}) > 2 else None
        return table([*contenders, together] if together else contenders)


def _versions_in(root: Path) -> Path | None:
    """The folder with the most revisions."""
    listed = subprocess.run(["git", "ls-files", "*/versions/*.py"], cwd=root, capture_output=True, text=True)
    folders = [str(Path(line).parent) for line in listed.stdout.splitlines()]
    return root / max(set(folders), key=folders.count) if folders else None


def _generated(bench: Bench, folder: Path) -> Iterator[tuple[str, str]]:
    for revisions in (447, 1000):
        root = folder / str(revisions)
        versions = history.write(root, revisions)
        _listed(root)
        text = bench.history(root, versions, history.with_an_index(max(versions.glob("*.py"))))
        yield f"A generated history of {revisions:,} revisions", text
    for counts in ((31, 5, 3), (0, 200, 0)):
        root = folder / f"files-{counts[1]}"
        delivery.write(root, *counts)
        _listed(root)
        said = "Generated: {} workflows, {} Dockerfiles, {} compose files".format(*counts)
        yield said, bench.files(root)


def _real(bench: Bench, checkout: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Of a clone, for files are changed."""
    root = folder / checkout.name
    git(checkout, "clone", "--quiet", "--no-hardlinks", ".", str(root))
    called = f"{root.name} at {git(root, 'rev-parse', '--short=10', 'HEAD').strip()}"
    versions = _versions_in(root)
    if versions:
        files = len(list(versions.glob("*.py")))
        yield f"The history of {called} ({files} files)", bench.history(root, versions)
    count = len(git(root, "ls-files").splitlines())
    yield f"The whole of {called} ({count:,} tracked files)", bench.whole(root, versions)
    yield f"The secrets of {called}", bench.secrets(root)


def _listed(root: Path) -> None:
    git(root, "init", "--quiet")
    git(root, "add", "--all")


def main() -> None:
    """Prints the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--real", type=Path, action="append", default=[], metavar="DIR")
    asked = parser.parse_args()
    python = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    print(f"{python}, {peers.about()}; {asked.runs} rounds, medians, ratios to the first row of each table")
    with scratch("runcrew-lint-bench-") as folder:
        resident = Resident(folder / "run")
        bench = Bench(installed(folder / "installed"), folder / "cache", asked.runs, resident)
        try:
            for tables in (_generated(bench, folder), *(_real(bench, root, folder) for root in asked.real)):
                for title, text in tables:
                    print(f"\n## {title}\n\n{text}", flush=True)
        finally:
            resident.end()


if __name__ == "__main__":
    main()

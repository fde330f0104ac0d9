"""The programs of a repository by their folders, and which of them have no example of their own or above."""

from __future__ import annotations

from collections.abc import Set

from runcrew_lint.domains.environment.contract import Contract, ReadAt, required_here
from runcrew_lint.domains.environment.facts import Way
from runcrew_lint.domains.environment.files import above, beside, folder_of

# Files that mark the folder of a program, where its example belongs.
_MARKS = ("package.json", "pyproject.toml", "requirements.txt", "manage.py", "alembic.ini", "Dockerfile")

# What is run by hand or by a workflow, beside the program; and what builds a package.
_BESIDE = frozenset(
    {"scripts", ".github", "bin", "ci", "load_tests", "terraform", "hatch_build.py", "setup.py"}
)


def without_example(contract: Contract, paths: Set[str]) -> dict[str, list[tuple[str, ReadAt]]]:
    """The folders of programs that need variables of which no example knows any, and those reads.

    An example above the program's folder counts where it names one of them: it is meant for several programs.
    """
    needed: dict[str, list[tuple[str, ReadAt]]] = {}
    for row in contract.rows.values():
        for each in required_here(row):
            if each.read.way in (Way.PYTHON, Way.SCRIPT) and _BESIDE.isdisjoint(each.path.split("/")):
                needed.setdefault(_program(each.path, paths), []).append((row.name, each))
    return {
        folder: reads
        for folder, reads in needed.items()
        if folder not in contract.examples
        and not any(contract.nearest(each.path) and _is_named(contract, name, each) for name, each in reads)
        and not any(example.startswith(f"{folder}/") for example in contract.examples if folder)
    }


def _is_named(contract: Contract, name: str, read: ReadAt) -> bool:
    return any(contract.documents(example, name) for example in contract.nearest(read.path))


def _program(path: str, paths: Set[str]) -> str:
    """The nearest folder that holds a project; the root where none does."""
    for folder in above(folder_of(path)):
        if any(beside(folder, each) in paths for each in _MARKS):
            return folder
    return ""

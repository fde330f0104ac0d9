"""env-example-missing: code reads variables, and no example tells which."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.contract import contract_of
from runcrew_lint.domains.environment.files import beside
from runcrew_lint.domains.environment.programs import without_example
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the first read in each program that has no example at or above it."""
    contract = repository.derive(contract_of)
    found = without_example(contract, frozenset(repository.worktree.paths))
    wanted = next((each for each in policy.env_files.examples if "*" not in each), ".env.example")
    for folder, reads in sorted(found.items()):
        names = sorted({name for name, _ in reads})
        first = min((each for _, each in reads), key=lambda each: (each.path, each.read.span.start))
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        example = beside(folder, wanted)
        yield Fault(
            first.place,
            f"the program needs {shown}, and there is no {example} to say so: each new checkout starts "
            "with a "
            "search through the code",
            help=f"commit {example} with a line for each: {' '.join(f'{name}=' for name in names)}",
        )

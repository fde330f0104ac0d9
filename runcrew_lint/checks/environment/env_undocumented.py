"""env-undocumented: a variable that a program needs stands in no example."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.contract import ReadAt, contract_of, required_here
from runcrew_lint.domains.environment.facts import Way
from runcrew_lint.domains.environment.programs import without_example
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the first read of each that the nearest example at or above it does not name."""
    contract = repository.derive(contract_of)
    missing = without_example(contract, frozenset(repository.worktree.paths))
    untold = {each.place for reads in missing.values() for _, each in reads}
    for row in contract.rows.values():
        told: set[str] = set()
        for each in required_here(row):
            examples = contract.nearest(each.path)
            if (
                not examples
                or each.place in untold
                or any(contract.documents(example, row.name) for example in examples)
            ):
                continue
            path = examples[0].path
            if path in told:
                continue
            told.add(path)
            yield Fault(
                each.place,
                f"{row.name} is read here without a default and {path} does not name it, so whoever sets the "
                f"program up {_learns(each)}",
                related=(Related(Place(path, Span(0, 0)), "the nearest example"),),
                help=f"add `{row.name}=` to {path}",
                mend=MendRequest(
                    "text.append_line",
                    Place(path, Span(0, 0)),
                    (("title", f"adds {row.name}"), ("line", f"{row.name}="), ("safety", "safe")),
                ),
            )


def _learns(read: ReadAt) -> str:
    """What comes of it: a script, and a soft lookup in Python, may go on without a word."""
    soft = read.read.way in (Way.PYTHON, Way.SCRIPT) and not read.read.is_required
    return "never learns that there is such a setting" if soft else "learns of it when it fails"

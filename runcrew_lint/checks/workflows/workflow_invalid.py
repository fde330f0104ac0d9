"""What GitHub refuses in a workflow."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import WorkflowProblems
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: WorkflowProblems, _policy: Policy) -> Iterator[Fault]:
    """The reader's problems as they are; what is passed over alone is a warning."""
    for problem in fact.problems:
        yield Fault(
            Place(fact.path, problem.span),
            problem.message,
            help=f"write `{problem.key}`" if problem.key else "",
            severity=Severity.WARNING if problem.slight else None,
        )

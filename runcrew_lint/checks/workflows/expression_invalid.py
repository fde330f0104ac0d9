"""Expressions that GitHub refuses, and names in them that are always empty."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.expression_facts import Expressions
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: Expressions, _policy: Policy) -> Iterator[Fault]:
    """The reader's problems as they are; a name for which something else is given hurts nobody."""
    for problem in fact.problems:
        help_ = f"write `{problem.key}`" if problem.key else ""
        weight = Severity.INFO if problem.slight else None
        yield Fault(Place(fact.path, problem.span), problem.message, help=help_, severity=weight)

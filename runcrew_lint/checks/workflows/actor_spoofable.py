"""Conditions that take the last actor's word for the author's."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._conditions import faults
from runcrew_lint.domains.workflows.expression_facts import Expressions
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: Expressions, _policy: Policy) -> Iterator[Fault]:
    """One fault a condition."""
    yield from faults(fact, "actor")

"""Keys of eas.json that EAS refuses beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, ProblemKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a pair."""
    for each in fact.problems:
        if each.kind is ProblemKind.CONFLICT:
            yield Fault(Place(fact.path, each.span), f"{each.message}; EAS refuses the whole file for it")

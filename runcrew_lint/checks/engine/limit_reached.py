"""A bound that cut the work short."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.map import delivery_map_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a place where the delivery map was not followed to its end."""
    for place, what in repository.derive(delivery_map_of).limits:
        yield Fault(
            place, f"{what}, so the delivery map is not whole here and rules on it may miss something"
        )

"""node-version-drift: files that say different versions of Node."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.contracts._drift import drifts
from runcrew_lint.domains.contracts.numbers import node_takes
from runcrew_lint.domains.contracts.runtimes import NODE
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a place that says another version than what runs."""
    yield from drifts(repository, NODE, node_takes, 1)

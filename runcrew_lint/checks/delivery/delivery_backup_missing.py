"""A production migration with no backup before it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import touches_by_ref
from runcrew_lint.domains.delivery.sequence import Order, Run, is_push, order_of, runs_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a migration that touches production, by its own words or by the policy's ref."""
    seen: set[object] = set()
    for run in runs_of(repository.derive(delivery_map_of).edges):
        if not is_push(run.occasion):
            continue
        for edge in run.of(Action.MIGRATE):
            if key(edge) in seen or touches_by_ref(edge, policy) is not Reach.PRODUCTION:
                continue
            if not _is_saved(edge, run):
                seen.add(key(edge))
                yield _fault(edge)


def _is_saved(edge: Edge, run: Run) -> bool:
    """Whether a backup, or something that is not known, comes before it."""
    return any(order_of(each, edge) is Order.BEFORE for each in run.of(Action.BACKUP, Action.UNKNOWN))


def _fault(edge: Edge) -> Fault:
    return Fault(
        edge.at,
        f"{edge.when} migrates production with `{short(edge)}` and no backup comes before it: "
        "what a revision drops or rewrites can't be had back",
        tuple(way(edge)),
    )

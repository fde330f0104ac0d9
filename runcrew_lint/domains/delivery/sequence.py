"""What comes before what on one occasion, and what a branch's protection asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge
from runcrew_lint.domains.delivery.order import waits_for
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind
from runcrew_lint.policy.model import Policy
from runcrew_lint.tuples import NamedTuple


class Order(StrEnum):
    """Where one edge of a run stands to another."""

    BEFORE = "before"
    AFTER = "after"
    BESIDE = "beside"  # in jobs that do not wait for each other


class Run(NamedTuple):
    """Everything that one occasion starts in one workflow."""

    occasion: Occasion
    workflow: str
    edges: tuple[Edge, ...]

    def of(self, *actions: Action) -> tuple[Edge, ...]:
        """The edges that do one of these."""
        return tuple(each for each in self.edges if each.action in actions)


def runs_of(edges: Iterable[Edge]) -> Iterator[Run]:
    """The map's edges by occasion and workflow, in order."""
    found: dict[tuple[Occasion, str], list[Edge]] = {}
    for each in edges:
        found.setdefault((each.occasion, each.workflow), []).append(each)
    for (occasion, workflow), group in found.items():
        yield Run(occasion, workflow, tuple(group))


def order_of(one: Edge, other: Edge) -> Order:
    """Where `one` stands to `other`, both of one run."""
    if one.site.id == other.site.id:
        return Order.BEFORE if one.order < other.order else Order.AFTER
    if waits_for(other.site, one.site):
        return Order.BEFORE
    return Order.AFTER if waits_for(one.site, other.site) else Order.BESIDE


def holds_back(earlier: Edge, later: Edge) -> bool:
    """Whether `later` does not run where `earlier` has failed, both of one run."""
    if earlier.forgiven or order_of(earlier, later) is not Order.BEFORE:
        return False
    return not (later.anyway if earlier.site.id == later.site.id else later.site.anyway)


def is_push(occasion: Occasion) -> bool:
    """Whether it is a push, a release, or a workflow after a push: nobody chooses anything by hand."""
    return occasion.cause in ("push", "release")


def guarded_branch(edge: Edge, policy: Policy) -> str:
    """The branch whose protection let the commit in: a tag's is the default branch."""
    occasion = edge.occasion
    if occasion.kind is RefKind.TAG or not occasion.name:
        return policy.default_branch or "main"
    return occasion.name if not edge.merged else occasion.base


def checked_on(found: DeliveryMap, branch: str, *actions: Action) -> tuple[Edge, ...]:
    """What pull requests into a branch, pushes to it and pushes to feature branches run of these actions."""
    return tuple(
        each
        for each in found.edges
        if each.action in actions
        and (
            (each.occasion.kind is RefKind.PULL and each.occasion.base == branch)
            or (each.occasion.event == "push" and each.occasion.kind is RefKind.BRANCH)
        )
    )

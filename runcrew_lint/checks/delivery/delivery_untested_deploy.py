"""A deploy on push that no test stands before."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, verb, way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.own import goes_nowhere
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import touches_by_ref
from runcrew_lint.domains.delivery.sequence import (
    Order,
    Run,
    checked_on,
    guarded_branch,
    holds_back,
    is_push,
    order_of,
    runs_of,
)
from runcrew_lint.domains.review.facts import BranchRules, required_by
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_GOING_OUT = (Action.DEPLOY, Action.SUBMIT, Action.STORE, Action.UPDATE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a job that deploys; where rulesets are not kept as code, what they ask is not known."""
    found = repository.derive(delivery_map_of)
    protections = tuple(each for each in repository.facts(BranchRules) if each.rules)
    seen: set[object] = set()
    for run in runs_of(found.edges):
        if not is_push(run.occasion) or run.occasion.kind is RefKind.AFTER:
            continue
        for edge in run.of(*_GOING_OUT):
            where = (edge.site.place, key(edge))
            before = [
                each for each in run.of(Action.TEST, Action.UNKNOWN) if order_of(each, edge) is Order.BEFORE
            ]
            if where in seen or edge.site.place in seen or any(holds_back(each, edge) for each in before):
                continue
            if touches_by_ref(edge, policy) not in (Reach.PRODUCTION, Reach.STAGING):
                continue  # a preview
            if goes_nowhere(found, edge):
                continue
            if before:
                fault = _regardless(edge, before)
            else:
                fault = _judged(edge, run, found, protections, policy)
            if fault:
                seen |= {where, edge.site.place}
                yield fault


def _regardless(edge: Edge, before: list[Edge]) -> Fault | None:
    """Where it does not mind how the tests end; of tests that can't fail check-neutralised speaks."""
    failing = [each for each in before if each.action is Action.TEST and not each.forgiven]
    if not failing or len(failing) != len(before):
        return None
    return Fault(
        edge.at,
        f"{edge.when} {verb(edge)} with `{short(edge)}` even where `{short(failing[0])}` has failed, since "
        "its condition asks for the status itself: a broken commit goes out",
        (*way(edge), Related(failing[0].at, "the tests")),
        help="take `always()` or `!cancelled()` off it, or ask for the tests' result",
        severity=Severity.WARNING,
    )


def _judged(
    edge: Edge, run: Run, found: DeliveryMap, protections: tuple[BranchRules, ...], policy: Policy
) -> Fault | None:
    branch = guarded_branch(edge, policy)
    tests = checked_on(found, branch, Action.TEST)
    required = required_by(protections, branch, policy.default_branch)
    names = {name for each in tests for name in (each.site.name, each.site.id)}
    if required is not None and required & names:
        return None
    head = f"{edge.when} {verb(edge)} with `{short(edge)}`"
    beside = [each for each in run.of(Action.TEST) if order_of(each, edge) is Order.BESIDE]
    if beside and not protections:
        return Fault(
            edge.at,
            f"{head} and does not wait for the job `{beside[0].site.id}`, which tests the same push: a "
            "broken commit goes out before its tests have failed",
            (*way(edge), Related(beside[0].at, "the tests")),
            help=f"`needs: [{beside[0].site.id.rpartition(' / ')[2]}]` on the job that deploys",
            severity=Severity.WARNING,
        )
    if tests and not protections:
        return Fault(
            edge.at,
            f"{head} and waits for no test here; whether {branch} lets only tested commits in is not kept in "
            "the repository, so it is not known",
            (*way(edge), Related(tests[0].at, "tests run here")),
            help="let the job `needs` the tests, or keep the branch's ruleset under .github/rulesets",
            severity=Severity.INFO,
        )
    why = f"nothing tests what comes into {branch}"
    if tests:
        why = f"the rules of {branch} require none of the jobs that test"
        why = why if required is not None else f"no ruleset here is for {branch}"
    return Fault(
        edge.at,
        f"{head} and no test stands before it: this job needs none, and {why}, so a broken commit goes out",
        tuple(way(edge)),
        severity=None if edge.sure else Severity.WARNING,
    )

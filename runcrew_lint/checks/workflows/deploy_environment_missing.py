"""A job that reaches production and names no environment."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._sites import around, rolls_out
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.own import written
from runcrew_lint.domains.delivery.quoted import script, short
from runcrew_lint.domains.delivery.reach import allowed, production, touches_by_ref
from runcrew_lint.domains.workflows.facts import Job
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a job."""
    names = [each.name for each in production(policy)]
    if not names:
        return
    found = repository.derive(delivery_map_of)
    seen: set[Place] = set()
    for edge in found.edges:
        place = edge.site.place
        if place in seen or not (rolls_out(found, edge) or _goes_to_store(edge)):
            continue
        if touches_by_ref(edge, policy) is not Reach.PRODUCTION:
            continue
        if any(isinstance(each, Job) and each.environment for each in around(found, edge)):
            continue
        seen.add(place)
        _, job = written(found, edge)
        is_mendable = job is not None and _is_productions(place, found, policy)
        told = (
            ("title", f"adds `environment: {names[0]}`"),
            ("safety", "unsafe"),
            ("key", "environment"),
            ("value", names[0]),
            ("after", "runs-on"),
        )
        yield Fault(
            place,
            f"`{edge.job_id}` reaches production with `{short(edge)}` and names no environment: nobody can "
            "be asked first, its secrets are every workflow's, and nothing records what was deployed when",
            (Related(edge.at, "production is reached here"), *script(edge)),
            help=f"`environment: {names[0]}` in the job, and production's secrets in that environment",
            mend=MendRequest("yaml.insert_key", place, told) if is_mendable else None,
        )


def _is_productions(place: Place, found: DeliveryMap, policy: Policy) -> bool:
    """Whether no other ref runs the job by itself: staging's would need production's leave."""
    return not any(
        allowed(each, policy) is False
        for each in found.edges
        if each.site.place == place and each.occasion.cause != "workflow_dispatch"
    )


def _goes_to_store(edge: Edge) -> bool:
    return edge.action in (Action.SUBMIT, Action.STORE) and edge.workflow.startswith(".github/")

"""The jobs in which edges of the delivery map run, as their workflows write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge
from runcrew_lint.domains.delivery.own import goes_nowhere, written
from runcrew_lint.domains.delivery.reached import Given
from runcrew_lint.domains.workflows.facts import Job, Workflow
from runcrew_lint.patterns import lazily

# What changes something that runs, so that two of them at once get in each other's way.
ROLLED_OUT = frozenset(
    (Action.DEPLOY, Action.MIGRATE, Action.COPY, Action.INFRASTRUCTURE, Action.INVALIDATE)
)  # fmt: skip

_DATABASE = lazily(
    r"db|database|postgres|pg|sql|supabase|host|ssh|url|aws|kube|gcp|azure|deploy", re.IGNORECASE
)


def rolls_out(found: DeliveryMap, edge: Edge) -> bool:
    """Whether an edge changes what people use: no pull request's, no preview, no trial on the runner itself.

    What neither says that it deploys nor is given a key of anything stays on the runner.
    """
    return (
        edge.action in ROLLED_OUT
        and not edge.site.database
        and edge.workflow.startswith(".github/")
        and not edge.occasion.cause.startswith("pull_request")
        and (edge.says_deploy or any(_opens(edge, each) for each in edge.given))
        and not goes_nowhere(found, edge)
    )


def _opens(edge: Edge, given: Given) -> bool:
    """Whether it is a key of what is rolled out: a migration is tried out with many another."""
    if given.kind != "secret" or given.built_in:
        return False
    return edge.action is not Action.MIGRATE or _DATABASE.search(given.name) is not None


def around(found: DeliveryMap, edge: Edge) -> Iterator[Workflow | Job]:
    """Everything that may say something of the job: its file, itself, and the jobs and files that call it."""
    workflow, job = written(found, edge)
    starting = next((each for each in found.workflows if each.path == edge.workflow), None)
    for each in (job, workflow, starting):
        if each is not None:
            yield each
    for name in edge.site.id.split(" / ")[:-1]:
        for one in found.workflows:
            caller = one.job(name)
            if caller is not None and caller.uses:
                yield caller

"""The jobs in which edges of the delivery map run, as their workflows write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge
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


# What sets up a cluster on the runner, which ends with the job.
_OWN_CLUSTER = lazily(
    r"\b(?:kind create cluster|minikube start|k3d cluster create|microk8s start)\b"
    r"|(?:helm/kind-action|engineerd/setup-kind|medyagh/setup-minikube|manusa/actions-setup-minikube"
    r"|absaoss/k3d-action|nolar/setup-k3d-k3s|container-tools/kind-action|balchua/microk8s-actions)@",
    re.IGNORECASE,
)
_OF_CLUSTERS = ("kubectl", "helm", "kustomize", "skaffold")


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
        and not _is_of_own_cluster(found, edge)
    )


def _is_of_own_cluster(found: DeliveryMap, edge: Edge) -> bool:
    """Whether it goes to a cluster that its own job has set up."""
    _, job = written(found, edge) if edge.did.tool.startswith(_OF_CLUSTERS) else (None, None)
    return job is not None and any(
        _OWN_CLUSTER.search(step.uses.value if step.uses else step.run.script if step.run else "")
        for step in job.steps
    )


def _opens(edge: Edge, given: Given) -> bool:
    """Whether it is a key of what is rolled out: a migration is tried out with many another."""
    if given.kind != "secret":
        return False
    return edge.action is not Action.MIGRATE or _DATABASE.search(given.name) is not None


def short(edge: Edge) -> str:
    """The command, cut to what a message holds."""
    return edge.command if len(edge.command) <= 60 else f"{edge.command[:57]}..."


def written(found: DeliveryMap, edge: Edge) -> tuple[Workflow | None, Job | None]:
    """The workflow file and the job that an edge's site stands in."""
    workflow = next((each for each in found.workflows if each.path == edge.site.place.path), None)
    jobs = workflow.jobs if workflow else ()
    return workflow, next((job for job in jobs if job.span == edge.site.place.span), None)


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

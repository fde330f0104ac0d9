"""Whether a job rolls out to what it has set up itself: a cluster, a server in a container."""

from __future__ import annotations

from runcrew_lint.domains.delivery.map import DeliveryMap, Edge
from runcrew_lint.domains.workflows.facts import Job, Workflow
from runcrew_lint.patterns import lazily

_CLUSTER = lazily(
    r"(?i)\b(?:kind create cluster|minikube start|k3d cluster create|microk8s start)\b"
    r"|(?:helm/kind-action|engineerd/setup-kind|medyagh/setup-minikube|manusa/actions-setup-minikube"
    r"|absaoss/k3d-action|nolar/setup-k3d-k3s|container-tools/kind-action|balchua/microk8s-actions)@"
)
_OF_CLUSTERS = ("kubectl", "helm", "kustomize", "skaffold")
_SSH_SERVER = lazily(r"\bdocker (?:container )?run\b[^\n|;&]*\s(?:-p|--publish)[ =]\S*:22\b")
_OF_SSH = ("rsync", "scp", "sftp", "ssh")


def written(found: DeliveryMap, edge: Edge) -> tuple[Workflow | None, Job | None]:
    """The workflow file and the job that an edge's site stands in."""
    workflow = next((each for each in found.workflows if each.path == edge.site.place.path), None)
    jobs = workflow.jobs if workflow else ()
    return workflow, next((job for job in jobs if job.span == edge.site.place.span), None)


def goes_nowhere(found: DeliveryMap, edge: Edge) -> bool:
    """Whether an edge goes to what its own job has set up."""
    for tools, sets_up in ((_OF_CLUSTERS, _CLUSTER), (_OF_SSH, _SSH_SERVER)):
        if edge.did.tool.startswith(tools):
            _, job = written(found, edge)
            steps = job.steps if job else ()
            texts = (step.uses.value if step.uses else step.run.script if step.run else "" for step in steps)
            return any(map(sets_up.search, texts))
    return False

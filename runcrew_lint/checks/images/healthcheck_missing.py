"""healthcheck-missing: an image of a server that cannot say whether it works."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runcrew_lint.domains.containers.bases import starts_as_root
from runcrew_lint.domains.containers.context import Build, contexts_of
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.shipped import backwards, commands, lineage
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Who starts the container by one of these asks it in its own way, and passes HEALTHCHECK over.
_ASKED_ELSEWHERE = re.compile(
    r"(?:^|/)(?:Chart\.yaml|kustomization\.ya?ml|fly\.toml|render\.yaml|railway\.(?:json|toml)|app\.yaml|service\.yaml"
    r"|cloudbuild\.ya?ml|[^/]*task-?def[^/]*\.json|[^/]+\.(?:nomad|hcl))\Z|(?:^|/)(?:k8s|kubernetes|helm|charts)/"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the command of each image that compose runs beyond development, that has a port, and that
    neither its Dockerfile nor compose can ask.

    An image whose base may bring a HEALTHCHECK says nothing, nor does one that something else than compose
    starts.
    """
    if any(_ASKED_ELSEWHERE.search(path) for path in repository.worktree.paths):
        return
    contexts = repository.derive(contexts_of)
    for image in repository.facts(Image):
        stages = lineage(image)
        if not stages or not starts_as_root(stages[-1].base.reference.value or ""):
            continue
        said = {each.keyword for each in backwards(image)}
        started = commands(image)
        if not started or "HEALTHCHECK" in said or "EXPOSE" not in said:
            continue
        if _is_run(contexts.builds(image)):
            yield Fault(
                Place(image.path, started[-1].span),
                "docker takes this server for well as long as its process lives, so one that hangs keeps its "
                "place and nothing can wait until it answers",
            )


def _is_run(builds: Sequence[Build]) -> bool:
    """Whether compose runs what it builds on a server, and nowhere says how to ask it."""
    if any(each.service.healthcheck is not None for each in builds):
        return False
    return any(each.service.purpose not in (Purpose.DEVELOPMENT, Purpose.TEST) for each in builds)

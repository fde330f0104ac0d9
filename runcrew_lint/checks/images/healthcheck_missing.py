"""healthcheck-missing: an image of a server that cannot say whether it works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.containers.bases import starts_as_root
from runcrew_lint.domains.containers.context import Build, contexts_of
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.shipped import backwards, commands, lineage
from runcrew_lint.domains.tasks.facts import Container, TaskDefinition
from runcrew_lint.domains.tasks.tasks import image_of, tasks_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Who starts the container by one of these asks it in its own way, and passes HEALTHCHECK over.
_ASKED_ELSEWHERE = lazily(
    r"(?:^|/)(?:Chart\.yaml|kustomization\.ya?ml|fly\.toml|render\.yaml|railway\.(?:json|toml)|app\.yaml|service\.yaml"
    r"|cloudbuild\.ya?ml|[^/]+\.(?:nomad|hcl))\Z|(?:^|/)(?:k8s|kubernetes|helm|charts)/"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the command of each image that compose runs beyond development, that has a port, and that
    neither its Dockerfile nor compose can ask; and at each container of ECS whose HEALTHCHECK is not asked.

    An image whose base may bring a HEALTHCHECK says nothing, nor does one that something else than compose
    or ECS starts.
    """
    started = [
        (task, container, image_of(task, container, repository.facts(Image)))
        for task in repository.derive(tasks_of)
        for container in task.containers
    ]
    for task, container, image in started:
        if image and container.probe is None:
            yield from _passed_over(task, container, image)
    unsure = any(image is None and task.path.endswith(".json") for task, _, image in started)
    if unsure or any(_ASKED_ELSEWHERE.search(path) for path in repository.worktree.paths):
        return
    elsewhere = {image.path for _, _, image in started if image}
    contexts = repository.derive(contexts_of)
    for image in repository.facts(Image):
        stages = lineage(image)
        if not stages or not starts_as_root(stages[-1].base.reference.value or ""):
            continue
        said = {each.keyword for each in backwards(image)}
        run = commands(image)
        if image.path in elsewhere or not run or "HEALTHCHECK" in said or "EXPOSE" not in said:
            continue
        if _is_run(contexts.builds(image)):
            yield Fault(
                Place(image.path, run[-1].span),
                "docker takes this server for well as long as its process lives, so one that hangs keeps its "
                "place and nothing can wait until it answers",
            )


def _passed_over(task: TaskDefinition, container: Container, image: Image) -> Iterator[Fault]:
    """ECS asks what the task definition says, and never the image's HEALTHCHECK."""
    said = next((each for each in backwards(image) if each.keyword == "HEALTHCHECK"), None)
    if said:
        yield Fault(
            Place(task.path, container.span),
            f"ECS asks only what the task definition says: `{container.name or 'this container'}` has no "
            f"healthCheck, and the HEALTHCHECK of {image.path} is passed over",
            (Related(Place(image.path, said.span), "this is never asked on ECS"),),
            help="repeat it as the container's healthCheck",
        )


def _is_run(builds: Sequence[Build]) -> bool:
    """Whether compose runs what it builds on a server, and nowhere says how to ask it."""
    if any(each.service.healthcheck is not None for each in builds):
        return False
    return any(each.service.purpose not in (Purpose.DEVELOPMENT, Purpose.TEST) for each in builds)

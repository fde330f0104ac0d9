"""image-tag-mismatch: what is deployed is not the tag that was pushed."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Purpose
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.commands import ci_commands_of
from runcrew_lint.domains.contracts.composed import composed_of
from runcrew_lint.domains.contracts.image_tags import deployed_of, is_plain, kept_of
from runcrew_lint.domains.contracts.pushed import Tagged, pushed_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_TASKS = ("task-definition", "taskdef", "task_definition", "taskDefinition")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a deploy whose tag nothing pushes; what steps hand on to each other is not known."""
    pushed = [each for each in pushed_of(repository) if "${{steps." not in each.name + each.tag]
    deployed = (
        *deployed_of(repository),
        *composed_of(repository),
        *_composed(repository),
        *kept_of(repository),
    )
    for each in deployed:
        own = [one for one in pushed if one.name == each.name]
        if not own or ("${{" in each.tag and not is_plain(each.tag)):
            continue
        if any(one.tag == each.tag or not is_plain(one.tag) for one in own):
            if each.tag in ("", "latest"):
                yield from _latest(each, own)
            continue
        yield Fault(
            each.place,
            f"{each.how} takes {each.name}:{each.tag or 'latest'}, and what is pushed is tagged "
            f"{own[0].tag or 'latest'}: an older build is deployed, or none",
            (Related(own[0].place, f"{own[0].how} pushes this tag, which the policy believes"),),
            help=f"deploy :{own[0].tag or 'latest'}",
        )
    yield from _unseen(repository, pushed)


def _latest(each: Tagged, own: list[Tagged]) -> Iterator[Fault]:
    exact = next((one for one in own if one.tag not in ("", "latest")), None)
    if exact:
        yield Fault(
            each.place,
            f"{each.how} takes {each.name}:latest, and the same build is pushed as {exact.tag}, too: "
            "which commit runs is not to be seen, and a rollback has nothing to go back to",
            (Related(exact.place, f"{exact.how} pushes the exact tag"),),
            help=f"deploy :{exact.tag}",
        )


def _composed(repository: Repository) -> Iterator[Tagged]:
    """Production's compose files, where their tag is written out."""
    for project in repository.facts(ComposeProject):
        for service in project.services:
            image = service.image
            if service.purpose is not Purpose.PRODUCTION or image is None or image.value is None:
                continue
            found = parse(image.value)
            if found and not found.digest and "$" not in image.written:
                yield Tagged(found.name, found.tag, image.place, project.path, f"`{service.name}`")


def _unseen(repository: Repository, pushed: list[Tagged]) -> Iterator[Fault]:
    """A forced deployment takes what the task definition names, which is not in the repository."""
    paths = repository.worktree.paths
    if any(mark in path for path in paths for mark in _TASKS) or any(path.endswith(".tf") for path in paths):
        return
    for each in repository.derive(ci_commands_of):
        own = [one for one in pushed if one.workflow == each.workflow.path]
        if not own or any("${{" not in one.tag for one in own):
            continue  # nothing of its own, or a tag that moves on, which the task definition may name
        if "--force-new-deployment" in each.texts and "update-service" in each.texts:
            yield Fault(
                each.place,
                "the deployment takes the image that the task definition names, and that is not in the "
                f"repository: whether it is {own[0].name}:{own[0].tag} is not known",
                (Related(own[0].place, "this is pushed"),),
                help="keep the task definition here and register it with the tag that was pushed",
                severity=Severity.INFO,
            )

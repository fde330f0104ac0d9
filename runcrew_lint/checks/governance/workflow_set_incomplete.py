"""workflow-set-incomplete: a workflow that the policy wants is not there, or does not run what it must."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.contracts.facts import Pins
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.review.facts import covers
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy, RequiredWorkflow
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_MANAGERS = {"yarn": "npm", "pnpm": "npm", "bun": "npm"}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a workflow that is missing, or for all that an existing one leaves out."""
    if not policy.workflows:
        return
    found = repository.derive(delivery_map_of)
    workflows = repository.facts(Workflow)
    for wanted in policy.workflows:
        own = next((each for each in workflows if _stem(each.path) == wanted.name), None)
        if own is not None:
            yield from _incomplete(own, wanted, repository, found)
        elif workflows and (asked := _asked(wanted, repository)):
            if not any(not _lacks(each, wanted, repository, found) for each in workflows):
                yield Fault(
                    Place(asked, Span(0, 0)),
                    f"there is no .github/workflows/{wanted.name}.yml, and no other workflow runs what "
                    f"the policy wants of it ({', '.join(wanted.commands)}): a change of this part is "
                    "merged unchecked",
                    help=f"add .github/workflows/{wanted.name}.yml",
                )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _asked(wanted: RequiredWorkflow, repository: Repository) -> str:
    """A file of the part that the workflow is for, where the repository has that part; else ""."""
    first = ""
    for glob in wanted.where:
        path = next((each for each in repository.worktree.paths if covers(f"/{glob}", each)), "")
        if not path:
            return ""
        first = first or path
    return first


def _incomplete(
    own: Workflow, wanted: RequiredWorkflow, repository: Repository, found: DeliveryMap
) -> Iterator[Fault]:
    lacks = _lacks(own, wanted, repository, found)
    if lacks:
        span = own.triggers[0].span if own.triggers else Span(0, 0)
        place = own.name.span if own.name else own.jobs[0].span if own.jobs else span
        yield Fault(
            Place(own.path, place),
            f"the policy wants of {wanted.name} what is not here: {', '.join(lacks)}; what it does not "
            "run is merged unchecked",
            help=f"add {', '.join(lacks)}",
        )


def _lacks(own: Workflow, wanted: RequiredWorkflow, repository: Repository, found: DeliveryMap) -> list[str]:
    lacks = []
    if wanted.events and not any(own.trigger(event) for event in wanted.events):
        lacks.append(f"`on: {wanted.events[0]}`")
    lacks += [f"a {each} service" for each in wanted.services if not _serves(own, each, repository)]
    edges = [each for each in found.edges if each.workflow == own.path and not each.forgiven]
    if any(each.action is Action.UNKNOWN for each in edges):
        return lacks  # what is not known may run it
    said = {frozenset(_words(each)) for each in edges} | set(_hooks(own, repository))
    return lacks + [
        f"`{each}`" for each in wanted.commands if not any(set(each.split()) <= one for one in said)
    ]


def _words(edge: Edge) -> Iterator[str]:
    """Every word of a command, with the package managers by one name and paths by their last step."""
    for text in (
        *edge.did.tool.split(),
        *(each.text or "" for each in edge.did.options),
        *edge.command.split(),
    ):
        name = text.rpartition("/")[2]
        yield _MANAGERS.get(name, name)


def _hooks(own: Workflow, repository: Repository) -> Iterator[frozenset[str]]:
    """What pre-commit runs, where the workflow runs it."""
    runs = any(
        (step.uses and step.uses.value.startswith("pre-commit/action"))
        or (step.run and "pre-commit run" in step.run.script)
        for job in own.jobs
        for step in job.steps
    )
    for config in repository.facts(Pins) if runs else ():
        for hook in config.hooks:
            for name in hook.ids:
                yield frozenset((*name.split("-"), name, "check", "--check", "--noEmit"))


def _serves(own: Workflow, image: str, repository: Repository) -> bool:
    """Whether a job runs an image beside it, as a service or by compose."""
    for job in own.jobs:
        if any(each.image and image in each.image.value for each in job.containers):
            return True
        if any(step.run and "compose" in step.run.script and " up" in step.run.script for step in job.steps):
            return any(
                service.image and image in service.image.written
                for project in repository.facts(ComposeProject)
                for service in project.services
            )
    return False

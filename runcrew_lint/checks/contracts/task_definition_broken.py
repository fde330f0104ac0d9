"""task-definition-broken: a task definition that ECS, or the step that fills it in, refuses.

Sources: docs.aws.amazon.com/AmazonECS/latest/APIReference (ContainerDefinition, PortMapping,
ContainerDependency, RegisterTaskDefinition); what aws-actions/amazon-ecs-render-task-definition fails with.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.contracts.registered import Registered, is_changed, registered_of
from runcrew_lint.domains.contracts.tree import tree_of
from runcrew_lint.domains.tasks.facts import Container, TaskDefinition
from runcrew_lint.domains.tasks.tasks import tasks_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_REFUSED = "ECS refuses to register it, and nothing is deployed"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a contradiction in a task definition, and one a use that names what it does not have."""
    for task in repository.derive(tasks_of):
        yield from _task(task)
        for container in task.containers:
            yield from _settings(task, container)
            yield from _awaited(task, container)
            yield from _ports(task, container)
    yield from _uses(repository)


def _task(task: TaskDefinition) -> Iterator[Fault]:
    if not task.for_fargate or not task.is_whole or not task.path.endswith(".json"):
        return
    place = Place(task.path, task.containers[0].span) if task.containers else Place(task.path, task.span)
    if not task.has_size:
        yield Fault(place, f"Fargate needs the task's own `cpu` and `memory`, and one is missing: {_REFUSED}")
    if task.network != "awsvpc":
        said = f"networkMode is {task.network}" if task.network else "networkMode is missing"
        yield Fault(place, f"{said}, and Fargate runs awsvpc alone: {_REFUSED}")


def _settings(task: TaskDefinition, container: Container) -> Iterator[Fault]:
    plain = {each.name: each for each in container.settings}
    for secret in container.secrets:
        if secret.name in plain:
            yield Fault(
                Place(task.path, plain[secret.name].value.span),
                f"{secret.name} is both in `environment` and in `secrets` of `{container.name}`: {_REFUSED}",
                (Related(Place(task.path, secret.value.span), "it is fetched from the store here"),),
                help="take it out of `environment`",
            )


def _awaited(task: TaskDefinition, container: Container) -> Iterator[Fault]:
    names = {each.name for each in task.containers}
    for each in container.awaits:
        place = Place(task.path, each.span)
        other = task.container(each.name)
        if other is None and None not in names:
            yield Fault(
                place, f"`{container.name}` waits for `{each.name}`, which is no container here: {_REFUSED}"
            )
        elif other and each.condition == "HEALTHY" and other.probe is None:
            yield Fault(
                place,
                f"`{container.name}` waits for a healthy `{each.name}`, which has no healthCheck: {_REFUSED}",
                (Related(Place(task.path, other.span), "ECS passes over a HEALTHCHECK of its image"),),
            )


def _ports(task: TaskDefinition, container: Container) -> Iterator[Fault]:
    if task.network != "awsvpc":
        return
    for port in container.ports:
        if port.host and port.host != port.container:
            yield Fault(
                Place(task.path, port.span),
                f"under awsvpc a container has the task's own address, so hostPort {port.host} can't lead to "
                f"{port.container}: {_REFUSED}",
                help="leave hostPort out",
            )


def _uses(repository: Repository) -> Iterator[Fault]:
    tasks = {each.path: each for each in repository.facts(TaskDefinition)}
    tree = tree_of(tuple(repository.worktree.paths))
    for each in repository.derive(registered_of):
        if not isinstance(each, Registered):
            continue
        task = tasks.get(each.path)
        if task and each.container:
            yield from _named(task, *each.container)
        elif each.path not in tree.files and not is_changed(each):
            near = nearest(each.path, [*tasks], 0.5)
            yield Fault(
                each.place,
                f"the job `{each.job.id}` takes {each.path} for a task definition: the repository has no "
                "such file, and no step of the job makes it, so the deployment fails",
                (Related(Place(near, tasks[near].span), "a task definition is here"),) if near else (),
                help=f"did you mean {near}?" if near else "",
            )


def _named(task: TaskDefinition, name: str, place: Place) -> Iterator[Fault]:
    names = [one.name for one in task.containers if one.name]
    if name in names or len(names) < len(task.containers):
        return
    near = nearest(name, names) or next(iter(names), "")
    yield Fault(
        place,
        f"{task.path} has no container `{name}` ({', '.join(names)}): the step that puts the image in fails",
        (
            Related(
                Place(task.path, task.containers[0].span if task.containers else task.span), "its containers"
            ),
        ),
        help=f"did you mean `{near}`?" if near else "",
    )

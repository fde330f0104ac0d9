"""secret-not-from-store: a container's secret is an environment variable in its task definition."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.hcl import Kind, Value
from runcrew_lint.domains.secrets.names import Names, names_of
from runcrew_lint.domains.terraform.modules import modules_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each entry of `environment` whose name is a secret's; an empty value says nothing."""
    names = names_of(policy.secrets)
    for module in repository.derive(modules_of):
        for task in module.of("aws_ecs_task_definition"):
            said = task.block.attribute("container_definitions")
            for container in said.value.items if said else ():
                yield from _entries(task.path, container.get("environment"), names)


def _entries(path: str, environment: Value | None, names: Names) -> Iterator[Fault]:
    for entry in environment.items if environment else ():
        name, value = entry.get("name"), entry.get("value")
        if name is None or value is None or name.kind is not Kind.TEXT or not value.text:
            continue
        if names.named(name.text) is not None:
            place = Place(path, value.span)
            yield Fault(
                place,
                f"{name.text} is in the task definition in the clear: everyone who may describe a "
                "task or read the "
                "state has it, and a new value needs a new deployment",
                veiled=(place,) if value.kind is Kind.TEXT else (),
            )

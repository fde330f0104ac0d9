"""Every task definition of the repository: the files of JSON, and the resources of Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from runcrew_lint.documents.hcl import Block, Kind, Value
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.tasks.facts import Container, TaskDefinition
from runcrew_lint.domains.tasks.shape import UNKNOWN, task_of
from runcrew_lint.domains.terraform.modules import modules_of
from runcrew_lint.patterns import lazily

_KEYS = {
    "network_mode": "networkMode",
    "requires_compatibilities": "requiresCompatibilities",
    "cpu": "cpu",
    "memory": "memory",
}
# What nobody deploys.
_ASIDE = lazily(r"(?:^|/)(?:docs?|examples?|samples?|demos?|tests?|fixtures|testdata)/")
# Registries that a team pushes to itself.
_OWN = lazily(r"\w+\.dkr\.ecr\.|ghcr\.io/")


def tasks_of(repository: Facts) -> tuple[TaskDefinition, ...]:
    """Every one but those of examples, tests and documentation."""
    files = (each for each in repository.facts(TaskDefinition) if not _ASIDE.search(each.path))
    modules = repository.derive(modules_of)
    resources = (each for module in modules for each in module.of("aws_ecs_task_definition"))
    made = (from_resource(each.path, f"{each.type}.{each.name}", each.block) for each in resources)
    return (*files, *(each for each in made if each))


def image_of(task: TaskDefinition, container: Container, images: tuple[Image, ...]) -> Image | None:
    """The Dockerfile that a container's image is built from: the repository's only one, or the one whose
    folder has the container's or the image's name. A container beside the team's own has none.
    """
    owned = [each for each in task.containers if _is_own(each)]
    if not _is_own(container) or (len(images) == 1 and len(owned) > 1):
        return None
    if len(images) == 1:
        return images[0]
    found = parse(container.image.value) if container.image and container.image.value else None
    names = {container.name, found.short_name if found else None} - {None}
    named = [each for each in images if basename(dirname(each.path)) in names]
    return named[0] if len(named) == 1 else None


def _is_own(container: Container) -> bool:
    """Whether the team builds it: its image lies in such a registry, or is filled in later."""
    image = container.image.value if container.image else None
    return image is None or bool(_OWN.match(image))


def from_resource(path: str, title: str, block: Block) -> TaskDefinition | None:
    """The task of a resource of Terraform, or None where it names no containers."""
    said = block.attribute("container_definitions")
    if said is None:
        return None
    entries = tuple(
        Entry(Scalar(each.span, _KEYS[each.name]), _node(each.value))
        for each in block.attributes
        if each.name in _KEYS
    )
    return task_of(path, title, Mapping(block.head, entries), _node(said.value))


def _node(value: Value) -> Node:
    """A value of Terraform as a tree."""
    if value.kind is Kind.OBJECT or value.keys:
        return Mapping(value.span, tuple(_entries(value)))
    if value.kind is Kind.LIST or value.items:
        return Sequence(value.span, tuple(_node(each) for each in value.items))
    if value.kind is Kind.NULL:
        return Scalar(value.span, None)
    return Scalar(value.span, value.text, UNKNOWN if value.kind is Kind.EXPRESSION else "")


def _entries(value: Value) -> Iterator[Entry]:
    for key, item in zip(value.keys, value.items, strict=True):
        yield Entry(Scalar(item.span, key), _node(item))

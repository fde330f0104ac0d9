"""image-untagged: a service whose image has no version."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home, weight_at_home
from runcrew_lint.domains.containers.bases import is_published
from runcrew_lint.domains.containers.project import ComposeProject, Text
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.pushed import OwnImages, own_images_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_NAME = lazily(r"[\w.:/-]+")


def check(
    repository: Repository, policy: Policy, *, in_development: bool = True, own: bool = True
) -> Iterator[Fault]:
    """One fault at each image that is pulled. One that a service builds is not, nor a name that no registry
    has: without a slash it is Docker's own, or somebody has built it here.

    A warning in files for development and tests, where a variable may say better, and for a tag that follows
    releases alone. Without `own`, what the repository's workflows push, or what is called as it is, is told
    at info: its users may well be given the newest release.
    """
    owned: OwnImages | None = None
    found: dict[Place, Text] = {}
    serious: set[Place] = set()
    for project in repository.facts(ComposeProject):
        built = {each.image.value for each in project.services if each.build and each.image}
        for service in project.services:
            if service.image and not service.build and service.image.value not in built:
                found.setdefault(service.image.place, service.image)
                if not is_at_home(service) and "$" not in service.image.written:
                    serious.add(service.image.place)
    for image in found.values():
        reference = parse(image.value) if image.value else None
        if reference is None or reference.is_pinned or not _NAME.fullmatch(reference.name):
            continue
        if not is_published(reference.name):
            continue
        if "$" in image.written and reference.tag not in ("", "latest"):
            continue  # a variable that follows a project's own builds is set at each release
        weight = None if image.place in serious else weight_at_home(in_development)
        if reference.is_release and weight is None:
            weight = Severity.WARNING
        if not own:
            owned = own_images_of(repository) if owned is None else owned
            weight = Severity.INFO if reference.name in owned else weight
        lack = f"is tagged {reference.tag}" if reference.tag else "has no tag, which means latest"
        yield Fault(
            image.place,
            f"the image {reference.name} {lack}, so two machines run two versions of it, and a pull moves "
            "to the next major one unasked",
            severity=weight,
        )

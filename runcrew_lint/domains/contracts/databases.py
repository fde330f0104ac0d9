"""Which PostgreSQL each place runs: compose files, the services of CI's jobs, RDS.

Sources: the tags of the official image, of postgis/postgis, pgvector/pgvector and timescale/timescaledb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from runcrew_lint.documents.hcl import Kind
from runcrew_lint.domains.containers.project import ComposeProject, Purpose
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.containers.stores import is_client
from runcrew_lint.domains.terraform.modules import modules_of
from runcrew_lint.domains.workflows.facts import Job, Text, Workflow
from runcrew_lint.domains.workflows.matrix import combinations
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

# Images whose tag says PostgreSQL's version, by itself or behind `pg`.
_PLAIN = frozenset(("postgres", "postgresql", "postgis"))
# Whose tags are PostgreSQL's: a team's own image has versions of its own.
_OWNERS = frozenset(("", "library", "postgis", "imresamu", "pgvector", "timescale", "bitnami"))
_BEHIND = lazily(r"(?:\A|[-_.])pg(\d{1,2})(?!\d)")
_HOLE = lazily(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}")
_ASIDE = lazily(r"(?:\A|[/._-])(?:examples?|docs?|samples?|e2e|suites?|testdata|fixtures)(?:[/._-]|\Z)")


class Role(StrEnum):
    """What a server is there for."""

    PRODUCTION = "production"
    LOCAL = "local"
    CI = "ci"


class Server(NamedTuple):
    """One PostgreSQL; `major` is None where its tag does not say. `group` is the file or job it runs in;
    `managed` is a service of the cloud's.
    """

    major: int | None
    image: str
    role: Role
    place: Place
    what: str
    group: str
    managed: bool = False

    @property
    def is_official(self) -> bool:
        """Whether it is the official image, which has no extension beside PostgreSQL's own."""
        found = parse(self.image)
        return found is not None and found.name in (
            "postgres",
            "library/postgres",
            "docker.io/library/postgres",
        )


def servers_of(repository: Facts) -> tuple[Server, ...]:
    """Every PostgreSQL whose image is written out; examples and documentation are left out."""
    return (*_composed(repository), *_managed(repository), *_services(repository))


def _managed(repository: Facts) -> Iterator[Server]:
    """RDS and Aurora, where Terraform writes their version out."""
    for module in repository.derive(modules_of):
        for resource in module.of("aws_db_instance", "aws_rds_cluster") if module.is_real else ():
            engine, version = (
                module.said(resource.block, "engine"),
                module.said(resource.block, "engine_version"),
            )
            attribute = resource.block.attribute("engine_version")
            if engine is None or version is None or attribute is None or "postgres" not in engine.text:
                continue
            found = re.match(r"(\d{1,2})(?![\d])", version.text) if version.kind is Kind.TEXT else None
            if found:
                name = f"{resource.type}.{resource.name}"
                place = resource.at(attribute)
                yield Server(
                    int(found[1]), f"{engine.text} {version.text}", Role.PRODUCTION, place, name, name, True
                )


def _composed(repository: Facts) -> Iterator[Server]:
    seen: set[Place] = set()
    for project in repository.facts(ComposeProject):
        if _ASIDE.search(project.path):
            continue
        for service in project.services:
            image = service.image
            if image is None or image.value is None or image.place in seen or not _is_postgres(image.value):
                continue
            if service.purpose is Purpose.TEST or is_client(service):
                continue
            seen.add(image.place)
            role = Role.PRODUCTION if service.purpose is Purpose.PRODUCTION else Role.LOCAL
            what = f"`{service.name}` of {image.place.path}"
            yield Server(_major(image.value), image.value, role, image.place, what, project.path)


def _services(repository: Facts) -> Iterator[Server]:
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for container in job.containers:
                if container.name and container.image:
                    for image in _images(container.image, job):
                        if _is_postgres(image):
                            yield Server(
                                _major(image),
                                image,
                                Role.CI,
                                Place(workflow.path, container.image.span),
                                f"the job `{job.id}` of {workflow.path}",
                                f"{workflow.path}#{job.id}",
                            )


def _images(said: Text, job: Job) -> Iterator[str]:
    """An image with what the matrix may put into it; an expression that is left has no version."""
    made = combinations(job) if _HOLE.search(said.value) else None
    for row in made or ({},):
        parts = _HOLE.split(said.value)  # text and names in turn
        yield "".join(row.get(part.lower(), "?") if at % 2 else part for at, part in enumerate(parts))


def _is_postgres(image: str) -> bool:
    name = re.split(r"[:@](?!\d+/)", image)[0].lower()
    owner, found = name.rpartition("/")[0].rpartition("/")[2], name.rpartition("/")[2]
    return owner in _OWNERS and (found in _PLAIN or found.startswith(("pgvector", "timescaledb")))


def _major(image: str) -> int | None:
    found = parse(image)
    if found is None:
        return None
    behind = _BEHIND.search(found.tag)
    if behind:
        return int(behind[1])
    plain = re.match(r"v?(\d{1,2})(?=[.-]|\Z)", found.tag) if found.short_name in _PLAIN else None
    return int(plain[1]) if plain else None

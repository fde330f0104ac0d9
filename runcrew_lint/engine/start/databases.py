"""The server's major version, as the images of compose files and of CI's services tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Purpose
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.containers.stores import store_of
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.patterns import lazily

_KNOWN = range(10, 19)
_IN_TAG = lazily(r"(?<![a-z\d])pg_?(\d\d)(?!\d)")  # pgvector:0.8.0-pg16, timescaledb:latest-pg15
_OWN = frozenset(("postgres", "postgresql", "postgis"))  # whose tags begin with the server's version
_HEAD = lazily(r"(\d\d)(?![\d])")


def major_of(workflows: Iterable[Workflow], projects: Iterable[ComposeProject]) -> tuple[str, str]:
    """The version and where it stands; "" and the reason where nothing or several things are said.

    Production's word counts before that of tests and of a developer's machine.
    """
    found = [*_of_compose(projects), *_of_workflows(workflows)]
    for purposes in ((Purpose.PRODUCTION,), tuple(Purpose)):
        said = {major: where for purpose, major, where in reversed(found) if purpose in purposes}
        if len(said) == 1:
            ((major, where),) = said.items()
            return str(major), where
        if said:
            several = ", ".join(f"{major} in {said[major]}" for major in sorted(said))
            return "", f"the images differ ({several}), so 16 is assumed"
    return "", ""


def _of_compose(projects: Iterable[ComposeProject]) -> Iterator[tuple[Purpose, int, str]]:
    for project in projects:
        for service in project.services:
            store = store_of(service)
            if store and store.label == "PostgreSQL" and service.image and service.image.value:
                major = _major(service.image.value)
                if major:
                    yield service.purpose, major, f"{project.path}: {service.image.value}"


def _of_workflows(workflows: Iterable[Workflow]) -> Iterator[tuple[Purpose, int, str]]:
    for workflow in workflows:
        for job in workflow.jobs:
            for container in job.containers:
                if container.image and (major := _major(container.image.value)):
                    yield Purpose.TEST, major, f"{workflow.path}: {container.image.value}"


def _major(image: str) -> int | None:
    reference = parse(image)
    if reference is None:
        return None
    tagged = _IN_TAG.search(reference.tag)
    if tagged is None and reference.short_name in _OWN:
        tagged = _HEAD.match(reference.tag)
    return int(tagged[1]) if tagged and int(tagged[1]) in _KNOWN else None

"""Links from a file to those that it names, where a fact knows the place of the name and what it comes to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence, Set

from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.delivery.map import READS, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.kinds import with_forms
from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

KINDS = with_forms((*READS, "compose"))
_ACTIONS = ("action.yml", "action.yaml")


class Link(NamedTuple):
    """A name in the file, and the place that it leads to."""

    span: Span
    target: Place
    tooltip: str


def links_of(path: str, repository: Repository) -> Iterator[Link]:
    """The links of one file, each place once."""
    found = {link.span: link for link in _links(path, repository)}
    return (found[span] for span in sorted(found))


def _links(path: str, repository: Repository) -> Iterator[Link]:
    paths = frozenset(repository.worktree.paths)
    for workflow in repository.facts(Workflow):
        if workflow.path == path:
            yield from _of_workflow(workflow, paths)
    for project in repository.facts(ComposeProject):
        if project.path == path:
            yield from _of_compose(project, paths)
    edges = repository.derive(delivery_map_of).edges if repository.facts(EasConfig) else ()
    for edge in edges:
        word = edge.profile_word
        if word and word.path == path and edge.profile_place:
            yield Link(word.span, edge.profile_place, "The profile in eas.json")


def _of_workflow(workflow: Workflow, paths: Set[str]) -> Iterator[Link]:
    for job in workflow.jobs:
        if job.uses:
            yield from _used(job.uses, ("",), paths, "The workflow that is called")
        for step in job.steps:
            if step.uses:
                yield from _used(step.uses, _ACTIONS, paths, "The action that is used")


def _used(uses: Text, names: Sequence[str], paths: Set[str], tooltip: str) -> Iterator[Link]:
    if uses.value.startswith("./"):
        found = (posixpath.normpath(posixpath.join(uses.value, name)) for name in names)
        yield from (Link(uses.span, Place(each, Span(0, 0)), tooltip) for each in found if each in paths)


def _of_compose(project: ComposeProject, paths: Set[str]) -> Iterator[Link]:
    folder = posixpath.dirname(project.path)
    for service in project.services:
        for file in service.env_files:
            target = posixpath.normpath(posixpath.join(folder, file.value or ""))
            if file.place.path == project.path and target in paths:
                yield Link(file.place.span, Place(target, Span(0, 0)), "The env file")
        build = service.build
        if build is None or build.context is None or build.context.value is None:
            continue
        name = build.dockerfile.value if build.dockerfile else "Dockerfile"
        target = posixpath.normpath(posixpath.join(folder, build.context.value, name or ""))
        place = (build.dockerfile or build.context).place
        if name and place.path == project.path and target in paths:
            yield Link(place.span, Place(target, Span(0, 0)), "The Dockerfile that is built")

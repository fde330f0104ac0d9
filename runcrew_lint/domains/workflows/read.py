"""A workflow file to a `Workflow`. What has the wrong shape is a problem there and left out here."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import yaml
from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.shell_scripts import drawn_in
from runcrew_lint.domains.workflows.actions import local_actions
from runcrew_lint.domains.workflows.facts import (
    Concurrency,
    Container,
    Filter,
    Job,
    LocalAction,
    Pair,
    Trigger,
    Workflow,
)
from runcrew_lint.domains.workflows.matrix import axes, rows
from runcrew_lint.domains.workflows.nodes import entries, inputs, items, pairs, text, texts, values
from runcrew_lint.domains.workflows.steps import Scripts, steps
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_WORKSPACE = lazily(r"\$\{\{\s*github\.workspace\s*\}\}")
_FILTERS = ("branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore")


def read(source: Source, reading: Reading) -> Workflow:
    """One workflow, with the local actions and scripts that it runs where they may deliver.

    Errors:
        Unreadable where the file is no YAML.
    """
    root = source.derive(yaml.parse)
    scripts = Scripts(source)
    found = (entry for entry in entries(at(root, "jobs")) if isinstance(entry.value, Mapping))
    jobs = tuple(job_of(entry, scripts) for entry in found)
    actions = local_actions((step for job in jobs for step in job.steps), reading)
    return Workflow(
        path=source.path,
        name=text(at(root, "name")),
        triggers=tuple(triggers_of(at(root, "on"))),
        env=pairs(at(root, "env")),
        permissions=_permissions(root),
        working_directory=text(at(root, "defaults", "run", "working-directory")),
        shell=text(at(root, "defaults", "run", "shell")),
        concurrency=_concurrency(root),
        jobs=jobs,
        actions=actions,
        shell_scripts=drawn_in(_blocks(jobs, actions), _directories(root, jobs), reading),
    )


def _blocks(jobs: tuple[Job, ...], actions: tuple[LocalAction, ...]) -> Iterator[tuple[Statement, ...]]:
    for steps_of in (*(job.steps for job in jobs), *(action.steps for action in actions)):
        for step in steps_of:
            if step.run and step.run.statements and step.run.mentions.script:
                yield step.run.statements


def _directories(root: Node, jobs: tuple[Job, ...]) -> Iterator[str]:
    """Every folder that a step is said to run in, where it is written out."""
    places = [text(at(root, "defaults", "run", "working-directory"))]
    places += [job.working_directory for job in jobs]
    places += [step.working_directory for job in jobs for step in job.steps]
    for place in places:
        if place:
            name = _WORKSPACE.sub("", place.value)
            if "${{" not in name:
                yield name.lstrip("/")


def triggers_of(node: Node | None) -> Iterator[Trigger]:
    """The events under `on`."""
    if isinstance(node, Mapping):
        yield from (_trigger(entry) for entry in entries(node))
    else:
        for each in texts(node):
            yield Trigger(each.value, each.span)


def _trigger(entry: Entry) -> Trigger:
    node = entry.value
    filters = (
        Filter(kind, each.key.span, texts(each.value))
        for kind in _FILTERS
        if isinstance(node, Mapping) and (each := node.entry(kind))
    )
    types = at(node, "types")
    crons = (text(at(item, "cron")) for item in items(node))
    return Trigger(
        event=str(entry.key.value),
        span=entry.key.span,
        filters=tuple(filters),
        types=texts(types) if types is not None else None,
        crons=tuple(each for each in crons if each),
        inputs=inputs(at(node, "inputs")),
        workflows=texts(at(node, "workflows")),
        outputs=values(at(node, "outputs")),
        secrets=inputs(at(node, "secrets")),
    )


def _permissions(node: Node) -> tuple[Pair, ...] | None:
    """A map's scopes; `read-all` and `write-all` are one pair without a name."""
    found = at(node, "permissions")
    if isinstance(found, Scalar) and isinstance(found.value, str):
        return (Pair("", found.span, found.value, found.span),)
    return pairs(found) if isinstance(found, Mapping) else None


def job_of(entry: Entry, scripts: Scripts) -> Job:
    """One job."""
    node = entry.value
    environment = at(node, "environment")
    matrix = at(node, "strategy", "matrix")
    return Job(
        id=str(entry.key.value),
        span=entry.key.span,
        name=text(at(node, "name")),
        needs=texts(at(node, "needs")),
        condition=text(at(node, "if")),
        uses=text(at(node, "uses")),
        inputs=pairs(at(node, "with")),
        environment=text(at(environment, "name") if isinstance(environment, Mapping) else environment),
        env=pairs(at(node, "env")),
        outputs=pairs(at(node, "outputs")),
        permissions=_permissions(node),
        timeout=text(at(node, "timeout-minutes")),
        working_directory=text(at(node, "defaults", "run", "working-directory")),
        shell=text(at(node, "defaults", "run", "shell")),
        matrix=axes(matrix),
        matrix_include=rows(at(matrix, "include")),
        matrix_exclude=rows(at(matrix, "exclude")),
        matrix_is_open=isinstance(matrix, Scalar) or isinstance(at(matrix, "include"), Scalar),
        continue_on_error=text(at(node, "continue-on-error")),
        runs_on=(*texts(at(node, "runs-on")), *texts(at(node, "runs-on", "labels"))),
        services=tuple(str(each.key.value) for each in entries(at(node, "services"))),
        containers=tuple(_containers(node)),
        concurrency=_concurrency(node),
        secrets=pairs(at(node, "secrets")),
        inherit=text(at(node, "secrets")),
        steps=steps(at(node, "steps"), scripts),
    )


def _concurrency(node: Node) -> Concurrency | None:
    """`concurrency`, a group's name alone or a map."""
    entry = node.entry("concurrency") if isinstance(node, Mapping) else None
    if entry is None:
        return None
    group = at(entry.value, "group") if isinstance(entry.value, Mapping) else entry.value
    return Concurrency(entry.key.span, text(group), text(at(entry.value, "cancel-in-progress")))


def _containers(job: Node) -> Iterator[Container]:
    own = [entry for entry in entries(job) if entry.key.value == "container"]
    for name, entry in (*(("", each) for each in own), *_services(job)):
        image = at(entry.value, "image") if isinstance(entry.value, Mapping) else entry.value
        login = at(entry.value, "credentials")
        yield Container(
            name, entry.key.span, text(image), text(at(login, "username")), text(at(login, "password"))
        )


def _services(job: Node) -> Iterator[tuple[str, Entry]]:
    for entry in entries(at(job, "services")):
        yield str(entry.key.value), entry

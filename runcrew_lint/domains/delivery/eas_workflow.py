"""A file under .eas/workflows to an `EasWorkflow`.

Source: docs.expo.dev, "Syntax for EAS Workflows" and "Pre-packaged jobs", read as of 2026-11: jobs with
`type` and `params`, `needs` and `after`, `on` with push, pull_request, pull_request_labeled, schedule and
workflow_dispatch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Entry, Mapping, Node, at
from runcrew_lint.domains.delivery.facts import EasWorkflow
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.shell_scripts import drawn_in
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Text, Trigger, Workflow
from runcrew_lint.domains.workflows.nodes import entries, pairs, text, texts
from runcrew_lint.domains.workflows.read import job_of, triggers_of
from runcrew_lint.domains.workflows.steps import Scripts
from runcrew_lint.text import Source

# Jobs whose params name no profile of eas.json though they build or submit one that exists.
_TYPES_WITHOUT_STEPS = frozenset(("doc", "fingerprint", "get-build", "github-comment", "slack"))


def read(source: Source, reading: Reading) -> EasWorkflow:
    """One EAS workflow; one without `on` is started by hand.

    Errors:
        Unreadable where the file is no YAML.
    """
    root = source.derive(yaml.parse)
    scripts = Scripts(source)
    found = [each for each in entries(at(root, "jobs")) if isinstance(each.value, Mapping)]
    jobs = tuple(_job(entry, scripts) for entry in found)
    directory = source.path.rpartition(".eas/workflows/")[0].rstrip("/")
    blocks = [step.run.statements for job in jobs for step in job.steps if step.run and step.run.statements]
    by_hand = found[0].key.span if found else root.span
    workflow = Workflow(
        path=source.path,
        name=text(at(root, "name")),
        triggers=tuple(_triggers(at(root, "on"))) or (Trigger("workflow_dispatch", by_hand),),
        env=(),
        permissions=None,
        working_directory=_place(text(at(root, "defaults", "run", "working_directory")), directory, root),
        shell=None,
        concurrency=None,
        jobs=jobs,
        actions=(),
        shell_scripts=drawn_in(blocks, (directory,), reading),
    )
    return EasWorkflow(source.path, workflow)


def _triggers(node: Node | None) -> Iterator[Trigger]:
    """The events; a label on a pull request is one more way that a pull request starts it."""
    for each in triggers_of(node):
        yield replace(each, event="pull_request") if each.event == "pull_request_labeled" else each


def _place(said: Text | None, directory: str, root: Node) -> Text | None:
    """The folder that steps run in: the project's, and what the file says below it."""
    if not directory:
        return said
    inner = f"/{said.value}" if said else ""
    return Text(f"{directory}{inner}", said.span if said else root.span)


def _job(entry: Entry, scripts: Scripts) -> Job:
    node = entry.value
    job = job_of(entry, scripts)
    kind = text(at(node, "type"))
    needs = (*texts(at(node, "needs")), *texts(at(node, "after")))
    if kind is None or kind.value in _TYPES_WITHOUT_STEPS:
        return replace(job, needs=needs, uses=None)
    given = pairs(at(node, "params")) or pairs(at(node, "with"))
    uses = Text(f"eas:{kind.value}", kind.span)
    environment = text(at(node, "environment"))
    if environment:
        given = (*given, Pair("environment", environment.span, environment.value, environment.span))
    step = Step(kind.span, 0, "", None, None, uses, None, given, (), None, None, None)
    return replace(job, needs=needs, uses=None, environment=None, steps=(step, *job.steps))

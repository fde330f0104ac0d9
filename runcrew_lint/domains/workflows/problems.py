"""What GitHub refuses in a workflow: the shape, and what no schema can say; and in a composite action."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import schema, yaml
from runcrew_lint.documents.schema import Problem
from runcrew_lint.documents.tree import Mapping, Node, at, text_at, walk
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.workflows import globs
from runcrew_lint.domains.workflows.facts import WorkflowProblems
from runcrew_lint.domains.workflows.nodes import entries, items, text, texts
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_WORKFLOW = lazily(r"\.github/workflows/[^/]+\Z")
_NONE = "this is no workflow (neither `on` nor `jobs`), and GitHub takes every file of this folder for one"


def read(source: Source, _reading: Reading) -> WorkflowProblems | None:
    """The problems of one workflow, or of one action; None where it has none.

    Errors:
        Unreadable where the file is no YAML.
    """
    root = source.derive(yaml.parse)
    found = problems(root) if _WORKFLOW.match(source.path) else action_problems(root)
    return WorkflowProblems(source.path, found) if found else None


def problems(root: Node) -> tuple[Problem, ...]:
    """Everything wrong with one workflow, in reading order, one problem a place."""
    if isinstance(root, Mapping) and root.entries and at(root, "on") is None and at(root, "jobs") is None:
        return (Problem(root.entries[0].key.span, _NONE),)
    found: dict[Span, Problem] = {}
    for each in (
        *_ignored_keys(root),
        *_duplicate_keys(root),
        *_bad_globs(root),
        *_repeated_ids(root),
        *_repeated_jobs(root),
        *schema.problems("workflow", root),
    ):
        found.setdefault(each.span, each)
    return tuple(sorted(found.values()))


def action_problems(root: Node) -> tuple[Problem, ...]:
    """What stops a composite action when a job comes to it: none of it is told before."""
    if text_at(root, "runs", "using") != "composite":
        return ()
    found = [*_duplicate_keys(root)]
    for step in items(at(root, "runs", "steps")):
        run = step.entry("run") if isinstance(step, Mapping) else None
        if run is not None and at(step, "shell") is None:
            found.append(
                Problem(
                    run.key.span, "a `run` of a composite action needs a `shell`: GitHub refuses the action"
                )
            )
    return tuple(sorted(found))


def _duplicate_keys(root: Node) -> Iterator[Problem]:
    for node in walk(root):
        if isinstance(node, Mapping):
            for entry in node.duplicates():
                yield Problem(
                    entry.key.span, f"the key `{entry.key.value}` stands here twice: GitHub refuses the file"
                )


def _bad_globs(root: Node) -> Iterator[Problem]:
    for event in entries(at(root, "on")):
        for kind in ("branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore"):
            for pattern in texts(at(event.value, kind)):
                try:
                    globs.check(pattern.value)
                except globs.BadGlob as error:
                    yield Problem(pattern.span, f"`{pattern.value}` is no pattern: {error}")


def _ignored_keys(root: Node) -> Iterator[Problem]:
    """What stands under `workflow_dispatch` beside `inputs`: GitHub's own parser reads on.

    Source: the parser's test data in actions/languageservices. The schema, for editors, refuses them.
    """
    for entry in entries(at(root, "on", "workflow_dispatch")):
        if entry.key.value != "inputs":
            yield Problem(
                entry.key.span,
                f"GitHub passes over `{entry.key.value}` here: a run by hand takes `inputs` alone, and may "
                "start on any branch",
                slight=True,
            )


def _repeated_jobs(root: Node) -> Iterator[Problem]:
    """Ids that differ in case alone: those that are the same are one key, told as such."""
    seen: dict[str, str] = {}
    for job in entries(at(root, "jobs")):
        name = str(job.key.value)
        other = seen.setdefault(name.lower(), name)
        if other != name:
            yield Problem(job.key.span, f"`{name}` is the job `{other}` to GitHub, which refuses the file")


def _repeated_ids(root: Node) -> Iterator[Problem]:
    for job in entries(at(root, "jobs")):
        seen: set[str] = set()
        for step in items(at(job.value, "steps")):
            name = text(at(step, "id"))
            if name is None:
                continue
            if name.value.lower() in seen:
                yield Problem(
                    name.span, f"another step of the job `{job.key.value}` has the id `{name.value}`"
                )
            seen.add(name.value.lower())

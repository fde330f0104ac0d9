"""What GitHub refuses in a workflow: the shape, and what no schema can say."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import schema, yaml
from runcrew_lint.documents.schema import Problem
from runcrew_lint.documents.tree import Mapping, Node, at, walk
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.workflows import globs
from runcrew_lint.domains.workflows.facts import WorkflowProblems
from runcrew_lint.domains.workflows.nodes import entries, items, text, texts
from runcrew_lint.text import Source, Span


def read(source: Source, _reading: Reading) -> WorkflowProblems | None:
    """The problems of one workflow; None where it has none.

    Errors:
        Unreadable where the file is no YAML.
    """
    found = problems(source.derive(yaml.parse))
    return WorkflowProblems(source.path, found) if found else None


def problems(root: Node) -> tuple[Problem, ...]:
    """Everything wrong with one workflow, in reading order, one problem a place."""
    found: dict[Span, Problem] = {}
    for each in (
        *_duplicate_keys(root),
        *_bad_globs(root),
        *_repeated_ids(root),
        *schema.problems("workflow", root),
    ):
        found.setdefault(each.span, each)
    return tuple(sorted(found.values()))


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

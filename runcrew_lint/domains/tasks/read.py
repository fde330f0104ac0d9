"""Reads a task definition that is kept as JSON: the definition, what `describe-task-definition` prints, or
the list of containers alone.
"""

from __future__ import annotations

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Mapping, Node, Sequence, at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.tasks.facts import TaskDefinition
from runcrew_lint.domains.tasks.shape import empty, task_of
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_LATER = lazily(r"\$\{|\{\{|<\w+>")  # outside a string: a number or a list that something fills in


def read(source: Source, reading: Reading) -> TaskDefinition | None:
    """The task of a file, or None where it holds none.

    Errors:
        Unreadable where it is no JSON; Template where it becomes JSON once something fills it in.
    """
    try:
        root = source.derive(json.parse)
    except Unreadable as error:
        if _LATER.search(source.line(source.position(error.span.start).line)):
            raise Template(error.message, error.span) from None
        raise
    task = at(root, "taskDefinition") or root
    containers: Node | None = at(task, "containerDefinitions")
    if isinstance(root, Sequence):
        task, containers = empty(root.span), root
        if not all(at(each, "image") and at(each, "name") for each in root.items):
            return None
    if not isinstance(task, Mapping) or not isinstance(containers, Sequence):
        return None
    return task_of(source.path, source.path, task, containers)

"""The repository's own composite actions, drawn into the workflows that use them."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import normpath

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import at, text_at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.workflows.facts import LocalAction, Step
from runcrew_lint.domains.workflows.nodes import inputs, values
from runcrew_lint.domains.workflows.steps import Scripts, steps
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

MAX_ACTIONS = 50  # of one workflow; GitHub itself nests them ten deep


def local_actions(used_by: Iterable[Step], reading: Reading) -> tuple[LocalAction, ...]:
    """The composite actions that these steps use, and those that they use in turn, each once."""
    found: dict[str, LocalAction] = {}
    waiting = list(used_by)
    while waiting and len(found) < MAX_ACTIONS:
        directory = directory_of(waiting.pop(0))
        if directory is None or directory in found:
            continue
        action = _read(directory, reading)
        if action:
            found[directory] = action
            waiting += action.steps
    return tuple(found.values())


def directory_of(step: Step) -> str | None:
    """The folder of the local action that a step uses, from the root; None for any other step."""
    uses = step.uses.value if step.uses else ""
    return normpath(uses) if uses.startswith("./") else None


def _read(directory: str, reading: Reading) -> LocalAction | None:
    for name in ("action.yml", "action.yaml"):
        source = reading.consult(normpath(f"{directory}/{name}"))
        if source is None:
            continue
        return source.derive(_composite)  # many workflows use it
    return None


def _composite(source: Source) -> LocalAction | None:
    try:
        root = source.derive(yaml.parse)
    except Unreadable:
        return None
    if text_at(root, "runs", "using") != "composite":
        return None
    found = steps(at(root, "runs", "steps"), Scripts(source))
    gives = values(at(root, "outputs"))
    directory = source.path.rpartition("/")[0] or "."
    return LocalAction(directory, source.path, inputs(at(root, "inputs")), gives, found)

"""Whether a step or a command runs only where somebody has looked first whether what it needs is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.contracts.commands import CiCommand
from runcrew_lint.domains.workflows.facts import Job, Step, Workflow
from runcrew_lint.patterns import lazily

# A test of a file in a script, or a program that looks into files and folders.
_LOOKS = lazily(r"(?:\[|\btest)\s+(?:!\s+)?-[defrsxL]\s|\b(?:compgen|stat|ls|find|grep|jq)\b")
_ACTION = lazily(r"exist", re.IGNORECASE)
_FILES = lazily(r"\bhashFiles\s*\(", re.IGNORECASE)
_OUTPUT = lazily(r"\b(steps|needs)\.([\w-]+)\.outputs\b")


def is_looked_for(workflow: Workflow, job: Job, step: Step) -> bool:
    """Whether the `if` of a step or of its job asks for files, or for what a step that looked has put out."""
    said = [each.value for each in (step.condition, job.condition) if each]
    if any(_FILES.search(text) for text in said):
        return True
    asked = [(found[1], found[2]) for text in said for found in _OUTPUT.finditer(text)]
    return any(_looks(each) for kind, name in asked for each in _asked(workflow, job, kind, name))


def is_guarded(each: CiCommand) -> bool:
    """The same of a command, which its own script may guard, too."""
    script = each.step.run.script if each.step.run else ""
    guarded = not each.command.sure and _LOOKS.search(script) is not None
    return guarded or is_looked_for(each.workflow, each.job, each.step)


def _asked(workflow: Workflow, job: Job, kind: str, name: str) -> Iterator[Step]:
    if kind == "steps":
        yield from (step for step in job.steps if step.id == name)
    else:
        yield from (step for other in workflow.jobs if other.id == name for step in other.steps)


def _looks(step: Step) -> bool:
    if step.uses and _ACTION.search(step.uses.value):
        return True
    return step.run is not None and _LOOKS.search(step.run.script) is not None

"""paths-filter-gap: a workflow's `paths` leave out files that its jobs use."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of
from runcrew_lint.domains.contracts.tree import Tree, tree_of
from runcrew_lint.domains.contracts.used_files import Used, used_by
from runcrew_lint.domains.workflows.facts import Filter, Trigger, Workflow
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_SHOWN = 4
_EVENTS = ("pull_request", "pull_request_target", "push")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a workflow; what lies under .github alone, its own file and its actions, weighs as a note."""
    tree = tree_of(tuple(repository.worktree.paths))
    commands: dict[str, list[CiCommand]] = {}
    for each in repository.derive(ci_commands_of):
        commands.setdefault(each.workflow.path, []).append(each)
    for workflow in repository.facts(Workflow):
        filtered = [
            (trigger, said)
            for event in _EVENTS
            if (trigger := workflow.trigger(event))
            and (said := trigger.filter("paths"))
            and _is_of_code(said)
        ]
        if filtered:  # one word a workflow: its filters are written alike
            used = list(_used(workflow, commands.get(workflow.path, []), tree))
            yield from _judged(workflow, *filtered[0], used)


def _used(workflow: Workflow, commands: list[CiCommand], tree: Tree) -> Iterator[Used]:
    for each in commands:
        yield from used_by(each, tree)
    for job in workflow.jobs:
        for step in job.steps:
            uses = step.uses.value if step.uses else ""
            if uses.startswith("./"):
                for name in ("action.yml", "action.yaml"):
                    path = normpath(f"{uses}/{name}")
                    if path in tree.files:
                        yield Used(path, Place(workflow.path, step.span))
        if job.uses and job.uses.value.startswith("./"):
            path = normpath(job.uses.value)
            if path in tree.files:
                yield Used(path, Place(workflow.path, job.uses.span))


def _judged(workflow: Workflow, trigger: Trigger, said: Filter, used: list[Used]) -> Iterator[Fault]:
    patterns = [each.value for each in said.patterns]
    left_out: dict[str, Used] = {}
    for each in used:
        if not matches(patterns, each.path) and not _is_taken_away(patterns, each.path):
            left_out.setdefault(each.path, each)
    own = not matches(patterns, workflow.path) and _looks_at_code(workflow)
    names = [*left_out, *([workflow.path] if own else [])]
    code = any(not each.startswith(".github/") for each in left_out)
    if not names or (trigger.event == "push" and not code):
        return  # what a push delivers is none of its workflow's
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    what = "a change of it alone" if len(names) == 1 else "a change of these alone"
    related = tuple(
        Related(each.place, f"{path} is used here") for path, each in list(left_out.items())[:_SHOWN]
    )
    files = tuple(Related(Place(path, Span(0, 0)), "left out") for path in list(left_out)[:_SHOWN])
    yield Fault(
        Place(workflow.path, said.span),
        f"the paths of `{trigger.event}` leave out {listed}, which its jobs go by: {what} starts "
        "nothing here",
        (*related, *files),
        help="add them to `paths`" if len(names) > 1 else f"add `{names[0]}` to `paths`",
        severity=None if code else Severity.INFO,
    )


def _looks_at_code(workflow: Workflow) -> bool:
    """Whether a job checks the repository out, or calls a workflow that may: what only labels does not."""
    uses = (step.uses.value for job in workflow.jobs for step in job.steps if step.uses)
    return any(job.uses for job in workflow.jobs) or any("checkout@" in each for each in uses)


def _is_of_code(said: Filter) -> bool:
    """Whether a filter means a part of the code, and not one file that sets something off."""
    return any("*" in each.value and not each.value.startswith((".github", "!")) for each in said.patterns)


def _is_taken_away(patterns: list[str], path: str) -> bool:
    """Whether a pattern says on purpose that the file does not count."""
    return any(each.startswith("!") and matches((each[1:],), path) for each in patterns)

"""call-mismatch: a call of what the repository does not have, or otherwise than it asks to be called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import normpath

from runcrew_lint.domains.contracts.tree import Tree, tree_of
from runcrew_lint.domains.workflows.actions import directory_of
from runcrew_lint.domains.workflows.facts import Input, Job, LocalAction, Pair, Step, Text, Workflow
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_HERE = "./.github/workflows/"
_LEVELS = ("none", "read", "write")
_MANIFESTS = ("action.yml", "action.yaml", "Dockerfile")
_NUMBER = lazily(r"[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)", re.IGNORECASE)
# Workflows that GitHub itself makes, in no file.
_GITHUBS = lazily(r"pages-build-deployment|CodeQL|Dependabot|Copilot|Graph Update|.*\$\{\{", re.IGNORECASE)
_STOPS = "GitHub starts nothing of this workflow"


class _Callee(NamedTuple):
    """What is called: its file, where that declares things, and what comes of a call that does not fit."""

    path: str
    span: Span
    so: str
    severity: Severity | None = None


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a thing that a call gets wrong.

    Source: docs.github.com, "Reuse workflows" and "Metadata syntax": GitHub refuses to start a workflow
    whose call of another does not fit; an action's input that nobody declares arrives nowhere.
    """
    tree = tree_of(tuple(repository.worktree.paths))
    workflows = {each.path: each for each in repository.facts(Workflow)}
    names = {_name(each) for each in workflows.values()}
    for workflow in workflows.values():
        if not repository.unread(Workflow):
            yield from _awaited(workflow, names)
        for job in workflow.jobs:
            if job.uses and job.uses.value.startswith(_HERE):
                yield from _called(workflow, job, job.uses, workflows, tree)
            yield from _acted(workflow, job, tree)


def _name(workflow: Workflow) -> str:
    """What `workflow_run` knows a workflow by."""
    return workflow.name.value if workflow.name else workflow.path


def _awaited(workflow: Workflow, names: set[str]) -> Iterator[Fault]:
    """The workflows whose end is to start this one, and that are called so no more."""
    trigger = workflow.trigger("workflow_run")
    asked = trigger.workflows if trigger else ()
    lost = [each for each in asked if each.value not in names and not _GITHUBS.match(each.value)]
    for each in lost:
        near = _nearest(each.value, names)
        hint = f" (did you mean `{near}`?)" if near else ""
        yield Fault(
            Place(workflow.path, each.span),
            f"no workflow here has the name `{each.value}`{hint}: the end of none starts this one, and "
            "nothing says that it did not run",
            severity=None if len(lost) == len(asked) else Severity.WARNING,
        )


def _called(
    workflow: Workflow, job: Job, uses: Text, workflows: dict[str, Workflow], tree: Tree
) -> Iterator[Fault]:
    path, at = uses.value.removeprefix("./"), Place(workflow.path, uses.span)
    if path not in tree.files:
        near = _nearest(path, workflows)
        hint = f" (did you mean `./{near}`?)" if near else ""
        yield Fault(at, f"there is no `{path}`{hint}: {_STOPS}, `{job.id}` or another job")
        return
    called = workflows.get(path)
    if called is None:
        return  # left out, or it does not read, which is told elsewhere
    trigger = called.trigger("workflow_call")
    if trigger is None:
        started = tuple(
            Related(Place(path, one.span), "it is started by this") for one in called.triggers[:1]
        )
        yield Fault(at, f"{path} has no `workflow_call` among its triggers: {_STOPS}", started)
        return
    callee = _Callee(path, trigger.span, _STOPS)
    yield from _inputs(workflow, job, callee, trigger.inputs)
    if job.inherit is None:
        yield from _secrets(workflow, job, callee, trigger.secrets)
    yield from _permissions(workflow, job, called)


def _inputs(workflow: Workflow, job: Job, callee: _Callee, declared: Sequence[Input]) -> Iterator[Fault]:
    yield from _unknown(workflow.path, job.inputs, callee, declared, "input")
    given = {each.name.lower(): each for each in job.inputs}
    yield from _required(Place(workflow.path, job.span), job.id, callee, _missing(job.inputs, declared))
    for each in declared:
        said = given.get(each.name.lower())
        if said and "${{" not in said.value and not _fits(said.value, each.kind):
            yield Fault(
                Place(workflow.path, said.span),
                f"`{each.name}` is a {each.kind} to {callee.path}, and `{said.value}` is none: {callee.so}",
                (Related(Place(callee.path, each.span), "declared here"),),
            )


def _fits(value: str, kind: str) -> bool:
    if kind == "boolean":
        return value in ("true", "false")
    return kind != "number" or _NUMBER.fullmatch(value.strip()) is not None


def _secrets(workflow: Workflow, job: Job, callee: _Callee, declared: Sequence[Input]) -> Iterator[Fault]:
    yield from _unknown(workflow.path, job.secrets, callee, declared, "secret")
    yield from _required(Place(workflow.path, job.span), job.id, callee, _missing(job.secrets, declared))


def _unknown(
    caller: str, given: Sequence[Pair], callee: _Callee, declared: Sequence[Input], what: str
) -> Iterator[Fault]:
    names = {each.name.lower(): each for each in declared}
    for pair in given:
        if pair.name.lower() in names:
            continue
        near = names.get(_nearest(pair.name.lower(), names))
        hint = f" (did you mean `{near.name}`?)" if near else ""
        related = Place(callee.path, near.span if near else callee.span)
        yield Fault(
            Place(caller, pair.name_span),
            f"{callee.path} declares no {what} `{pair.name}`{hint}: {callee.so}",
            (Related(related, "declared here" if near else f"its {what}s are declared here"),),
            severity=callee.severity,
        )


def _missing(given: Sequence[Pair], declared: Sequence[Input]) -> list[Input]:
    """What is required and has no default, and is not given, under a name that was mistyped neither."""
    names = {each.name.lower(): each for each in declared}
    said = {each.name.lower() for each in given}
    meant = {_nearest(each, names) for each in said if each not in names}
    return [
        each
        for name, each in names.items()
        if each.required and each.default is None and name not in said | meant
    ]


def _nearest(name: str, names: Iterable[str]) -> str:
    return nearest(name, sorted(names), 0.75)


def _required(at: Place, who: str, callee: _Callee, missing: Sequence[Input]) -> Iterator[Fault]:
    if missing:
        names = " and ".join(f"`{each.name}`" for each in missing)
        yield Fault(
            at,
            f"`{who}` does not hand over {names}, which {callee.path} requires: {callee.so}",
            tuple(Related(Place(callee.path, each.span), "this is required") for each in missing),
            severity=callee.severity,
        )


def _permissions(workflow: Workflow, job: Job, called: Workflow) -> Iterator[Fault]:
    """A called workflow may take away from its caller's token, and ask for nothing beyond it."""
    granted = job.permissions if job.permissions is not None else workflow.permissions
    if granted is None:
        return  # what the repository's settings give
    seen = {"metadata"}  # every token reads it
    for inner in called.jobs:
        asked = inner.permissions if inner.permissions is not None else called.permissions
        for pair in asked or ():
            if pair.name in seen or _level(asked or (), pair.name) <= _level(granted, pair.name):
                continue
            seen.add(pair.name)
            scope = f"`{pair.name}: {pair.value}`" if pair.name else f"`{pair.value}`"
            yield Fault(
                Place(workflow.path, job.span),
                f"`{inner.id}` of {called.path} asks for {scope}, and `{job.id}` has less to give: {_STOPS}",
                (Related(Place(called.path, pair.span), "it is asked for here"),),
                help=f"say {scope} under the `permissions` of `{job.id}`, or ask for less",
            )


def _level(said: Sequence[Pair], scope: str) -> int:
    """What a list of permissions gives of a scope; a scope that it does not name, it takes away."""
    every = next((each.value.removesuffix("-all") for each in said if not each.name), "none")
    value = next((each.value for each in said if scope and each.name == scope), every)
    return _LEVELS.index(value) if value in _LEVELS else len(_LEVELS)


def _acted(workflow: Workflow, job: Job, tree: Tree) -> Iterator[Fault]:
    """The local actions of a job, as far as nothing but a plain checkout fills its folder."""
    actions = {each.directory: each for each in workflow.actions}
    checked_out = False
    for step in job.steps:
        uses = step.uses.value if step.uses else ""
        folder = directory_of(step)
        if uses.startswith("actions/checkout@"):
            checked_out = True
            if step.input("path") or step.input("repository") or step.input("ref"):
                return
        if folder is None or step.uses is None or "${{" in folder:
            continue
        action = actions.get(folder)
        if action is not None:
            yield from _handed(workflow.path, step, step.uses, action)
        elif checked_out and _is_absent(folder, workflow, job, step, tree):
            yield Fault(
                Place(workflow.path, step.uses.span),
                f"there is no action in `{folder}`: the step fails, and `{job.id}` with it",
            )


def _is_absent(folder: str, workflow: Workflow, job: Job, step: Step, tree: Tree) -> bool:
    """Whether a folder is surely not there: not in the tree, and no step before speaks of it."""
    if any(normpath(f"{folder}/{name}") in tree.files for name in _MANIFESTS):
        return False
    if all(each.event == "workflow_call" for each in workflow.triggers):
        return False  # the folder is its caller's
    before = [each for each in job.steps if each.index < step.index]
    top = folder.split("/")[0] if not folder.startswith(".github/") else folder
    return not any(each.run and (top in each.run.script or "git " in each.run.script) for each in before)


def _handed(caller: str, step: Step, uses: Text, action: LocalAction) -> Iterator[Fault]:
    at = action.inputs[0].span if action.inputs else Span(0, 0)
    dropped = _Callee(action.path, at, "GitHub drops it, and the step runs without", Severity.WARNING)
    yield from _unknown(caller, step.inputs, dropped, action.inputs, "input")
    empty = _Callee(action.path, at, "GitHub runs it with nothing in its place", Severity.WARNING)
    yield from _required(Place(caller, uses.span), uses.value, empty, _missing(step.inputs, action.inputs))

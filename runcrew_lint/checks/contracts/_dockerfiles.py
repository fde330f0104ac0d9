"""Dockerfiles that a workflow builds by name, and that the repository does not have.

Sources: the inputs of docker/build-push-action (`context`, `file`), docker's command reference, and
docs.github.com, "Reuse workflows": a called workflow's inputs are what its caller gives, or their defaults.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from posixpath import basename, dirname, join, normpath

from runcrew_lint.checks.contracts._looked_for import is_guarded, is_looked_for
from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of, is_brought
from runcrew_lint.domains.contracts.tree import Tree, under
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_INPUT = lazily(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")
_HERE = "./.github/workflows/"
# What may put a file there before the build.
_FETCHING = lazily(r"download-artifact|/restore\b|cache@")
_MAKING = lazily(
    r"(?m)(?:^|[\s;&])\./\w|\bpython3?\s+\S+\.py|\bmake\b|ockerfile|git\s+(?:clone|checkout|switch)|\btar\b|\bunzip\b|\bgh\s|submodule|\bcp\b|\bmv\b"
)


class _Caller(NamedTuple):
    path: str
    job: Job


def missing_dockerfiles(repository: Repository, tree: Tree) -> Iterator[Fault]:
    """One fault a name, where it is written; where the job may make the file, nothing is said."""
    for fault, path in _missing(repository, tree):
        if not repository.worktree.is_tracked(path):  # a link, which a listing of files leaves out
            yield fault


def _missing(repository: Repository, tree: Tree) -> Iterator[tuple[Fault, str]]:
    workflows = repository.facts(Workflow)
    callers: dict[str, list[_Caller]] = {}
    for workflow in workflows:
        for job in workflow.jobs:
            if job.uses and job.uses.value.startswith(_HERE):
                called = job.uses.value.removeprefix("./")
                callers.setdefault(called, []).append(_Caller(workflow.path, job))
    for workflow in workflows:
        for job in workflow.jobs:
            for step in job.steps:
                if step.uses and action_of(step.uses.value).endswith("/build-push-action"):
                    if not _may_make(job, step) and not is_looked_for(workflow, job, step):
                        yield from _of_action(workflow, job, step, callers.get(workflow.path, []), tree)
    for each in repository.derive(ci_commands_of):
        yield from (found for found in _of_command(each, tree) if not is_guarded(each))


def _may_make(job: Job, step: Step) -> bool:
    before = job.steps[: step.index]
    if any(each.uses and _FETCHING.search(each.uses.value) for each in before):
        return True
    if any(each.run and _MAKING.search(each.run.script) for each in before):
        return True
    checkouts = [each for each in before if each.uses and action_of(each.uses.value) == "actions/checkout"]
    others = any(each.input(name) for each in checkouts for name in ("path", "repository", "submodules"))
    return others or is_brought(job, "Dockerfile")


def _of_action(
    workflow: Workflow, job: Job, step: Step, callers: list[_Caller], tree: Tree
) -> Iterator[tuple[Fault, str]]:
    context, file = step.input("context"), step.input("file")
    given = [each for each in (file, context) if each and each.value.strip()]
    if not given:
        return
    asked = [name for each in given for name in _INPUT.findall(each.value)]
    defaults = {
        one.name: one.default
        for trigger in workflow.triggers
        if trigger.event == "workflow_call"
        for one in trigger.inputs
    }
    ways: list[tuple[str, str, dict[str, Pair]]] = []
    if asked and all(name in defaults for name in asked):
        ways = [(each.path, each.job.id, {one.name: one for one in each.job.inputs}) for each in callers]
    elif not asked:
        ways = [(workflow.path, job.id, {})]
    for path, job_id, inputs in ways:
        found = _path(context, file, inputs, defaults)
        if found is None or found in tree.files or dirname(found) not in tree.folders:
            continue
        source = next((inputs[name] for name in asked if name in inputs), given[0])
        where = Place(path if source in inputs.values() else workflow.path, source.span)
        built = Place(workflow.path, given[0].span)
        related = (Related(built, "this builds it"),) if built != where else ()
        yield _fault(where, job_id, found, tree, related), found


def _path(
    context: Pair | None, file: Pair | None, inputs: dict[str, Pair], defaults: dict[str, str | None]
) -> str | None:
    """The Dockerfile from the root; None where a part of it is not known, or lies elsewhere."""

    def filled(each: Pair | None) -> str | None:
        if each is None:
            return ""
        text = each.value.strip()
        values = {name: _value(name, inputs, defaults) for name in _INPUT.findall(text)}
        if None in values.values():
            return None
        text = _INPUT.sub(lambda found: values[found[1]] or "", text)
        return None if "{{" in text or "://" in text or text.startswith(("/", "~", "git@")) else text

    folder, name = filled(context), filled(file)
    if folder is None or name is None:
        return None
    return under("", normpath(name) if name else join(folder or ".", "Dockerfile"))


def _value(name: str, inputs: dict[str, Pair], defaults: dict[str, str | None]) -> str | None:
    return inputs[name].value if name in inputs else defaults.get(name)


def _of_command(each: CiCommand, tree: Tree) -> Iterator[tuple[Fault, str]]:
    """`docker build -f NAME`, and no more than that: what stands for a name else is not known."""
    texts = [text or "" for text in each.texts]
    if each.folder is None or each.command.forgiven or basename(texts[0]) not in ("docker", "podman"):
        return
    if "build" not in texts[1:3] or None in each.texts:
        return
    said = [*pairwise(texts), *((name, value) for name, _, value in (one.partition("=") for one in texts))]
    for option, value in said:
        if option not in ("-f", "--file") or not value or "$" in value or value == "-":
            continue
        path = under(each.folder, value)
        if path is None or path in tree.files or dirname(path) not in tree.folders:
            continue
        if any(step.uses and _FETCHING.search(step.uses.value) for step in each.job.steps):
            continue
        runs = [step.run.script for step in each.job.steps if step.run]
        if is_brought(each.job, path) or any(_makes(script, basename(path)) for script in runs):
            continue
        yield _fault(each.place, each.job.id, path, tree, ()), path


def _makes(script: str, name: str) -> bool:
    """Whether a line names the file, or brings files along, and is not the build itself."""
    lines = script.replace("\\\n", " ").splitlines()
    return any(
        " build " not in line and (name in line or (_MAKING.search(line) and "ockerfile" not in line))
        for line in lines
    )


def _fault(place: Place, job: str, path: str, tree: Tree, related: tuple[Related, ...]) -> Fault:
    folder = dirname(path)
    beside = [each for each in tree.files if dirname(each) == folder]
    near = nearest(path, sorted(beside)) or next(
        (each for each in sorted(beside) if "dockerfile" in basename(each).lower()), ""
    )
    return Fault(
        place,
        f"the job `{job}` builds {path}, and the repository has no such file: the build stops",
        related,
        help=f"build {near}" if near else "name the Dockerfile that is meant",
    )

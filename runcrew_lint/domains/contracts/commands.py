"""The commands of all workflows as they are written: what CI runs, on whatever occasion.

The delivery map asks what happens to a push; a contract asks what a line says. So nothing is decided here: a
`${{ }}` stays in its word as it is written, without blanks, and a word that is made when it runs is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from posixpath import normpath
from typing import TYPE_CHECKING

from runcrew_lint.documents import shell
from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.domains.delivery.interpret import Interpreter
from runcrew_lint.domains.delivery.state import Command, State
from runcrew_lint.domains.delivery.workspace import WORKSPACE
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.workflows.expressions import pieces
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Text, Workflow
from runcrew_lint.domains.workflows.known_actions import known_action
from runcrew_lint.domains.workflows.scripts import language_of
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_SELDOM = lazily(r"python3?\s+(?:-m\s|\S+\.py)|(?m:^[ \t]*\.{1,2}/)|docker|kubectl|helm|aws|\bpip|\buv")
_EXPRESSION = lazily(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}")
_BLANKS = lazily(r"\s+")
_WORKSPACE = "${{github.workspace}}"


class CiCommand(NamedTuple):
    """One command of a step; `command.directory` is the folder from the root, as far as it is known.

    `texts` are its words, None for one that is made when it runs; `exact` says that the command's place is
    its own: otherwise it is the whole script's.
    """

    workflow: Workflow
    job: Job
    step: Step
    command: Command
    texts: tuple[str | None, ...]
    exact: bool = True

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.command.place

    @property
    def folder(self) -> str | None:
        """The folder that it runs in, from the root; None where it is not known."""
        return str(self.command.directory.known) if self.command.directory.is_known else None


class _Kept(dict[str, tuple[Workflow, tuple[CiCommand, ...]]]):
    """The commands of each workflow, by its path."""


def ci_commands_of(repository: Facts) -> tuple[CiCommand, ...]:
    """Every command of every step that runs here, in order; those on another machine are left out."""
    return tuple(each for each in all_commands_of(repository) if each.command.host is None)


def all_commands_of(repository: Facts) -> tuple[CiCommand, ...]:
    """Those on other machines, too. Workflows that other repositories call and this one does not are left
    out: those check their caller out.
    """
    kept, every = repository.kept(_Kept), repository.facts(Workflow)
    called = {
        job.uses.value.partition("@")[0].rpartition("/")[2] for each in every for job in each.jobs if job.uses
    }
    workflows = [each for each in every if not _is_for_others(each, called)]
    for workflow in workflows:
        if workflow.path not in kept or kept[workflow.path][0] is not workflow:
            kept[workflow.path] = workflow, tuple(_commands_of(workflow))
    return tuple(each for workflow in workflows for each in kept[workflow.path][1])


def _is_for_others(workflow: Workflow, called: AbstractSet[str]) -> bool:
    if workflow.path.rpartition("/")[2] in called or not workflow.triggers:
        return False
    return all(each.event == "workflow_call" for each in workflow.triggers)


def _commands_of(workflow: Workflow) -> Iterator[CiCommand]:
    for job in workflow.jobs:
        for step in job.steps:
            for each in _commands(workflow, job, step):
                if each.texts:
                    yield each


def _commands(workflow: Workflow, job: Job, step: Step) -> Iterator[CiCommand]:
    run, action = step.run, known_action(step.uses.value) if step.uses else None
    if run is None or (step.uses and not (action and action.has_shell and _is_shell(step))):
        return
    statements, exact = run.statements, True
    if statements is None:
        if not _SELDOM.search(run.script) or (action and action.reads == "lines"):
            return
        statements, exact = _parsed(run.script), False
    is_remote = action is not None and action.remote
    variables = {} if action and (action.remote or action.contained) else _variables(workflow, job, step)

    def look(name: str) -> Value | None:
        return known(variables[name]) if name in variables else None

    def fill(hole: str) -> Value:
        value = _written(hole)
        return known(variables["GITHUB_WORKSPACE"]) if value.known == _WORKSPACE else value

    interpreter = Interpreter(workflow.path, fill, look, statements)
    state = State(directory_of(workflow, job, step))
    if is_remote:
        state = State(unknown("it runs on another machine"), host=unknown("it is the action's to say which"))
    try:
        for each in interpreter.run(statements, state):
            if not exact:
                each = _placed(each, Place(workflow.path, run.span))
            yield CiCommand(workflow, job, step, each, tuple(word.text for word in each.words), exact)
    except RecursionError:  # nested beyond what anybody wrote by hand
        return


def _is_shell(step: Step) -> bool:
    """Whether the shell that an action is told to run its script by is one."""
    return step.shell is None or language_of(step.shell.value) == "shell"


def _parsed(script: str) -> tuple[Statement, ...]:
    holes = [Span(each.start, each.end) for each in pieces(script) if each.is_expression]
    return shell.parse(Spliced.join(script, (Span(0, len(script)),)), holes)


def _placed(command: Command, place: Place) -> Command:
    words = tuple(each._replace(place=place) for each in command.words)
    return Command(
        place, words, command.directory, command.sure, command.variables, command.broken, command.host,
        command.forgiven,
    )  # fmt: skip


def _written(hole: str) -> Value:
    """A `${{ }}` as one word without blanks, so that two that are alike are equal."""
    inner = hole.removeprefix("${{").removesuffix("}}")
    return known("${{" + _BLANKS.sub("", inner) + "}}")


def as_written(text: str) -> str:
    """A text with its `${{ }}` as the words of commands have them."""
    return _EXPRESSION.sub(lambda found: "${{" + _BLANKS.sub("", found[1]) + "}}", text)


def _variables(workflow: Workflow, job: Job, step: Step) -> dict[str, str]:
    """The environment variables of a step; `${{ env.X }}` in one is replaced once."""
    found = {
        "GITHUB_SHA": "${{github.sha}}",
        "GITHUB_REF_NAME": "${{github.ref_name}}",
        "GITHUB_RUN_NUMBER": "${{github.run_number}}",
        "GITHUB_RUN_ID": "${{github.run_id}}",
        "GITHUB_REPOSITORY": "${{github.repository}}",
        "GITHUB_WORKSPACE": WORKSPACE if in_checkout(job, "").is_known else _WORKSPACE,
    }
    levels: tuple[tuple[Pair, ...], ...] = (workflow.env, job.env, step.env)
    for level in levels:
        for pair in level:
            found[pair.name] = filled(as_written(pair.value), found).replace(
                _WORKSPACE, found["GITHUB_WORKSPACE"]
            )
    return found


def filled(text: str, variables: dict[str, str]) -> str:
    """A text with the variables that it names by `${{ env.X }}`."""
    return re.sub(r"\$\{\{env\.(\w+)\}\}", lambda found: variables.get(found[1], found[0]), text)


def environment_of(each: CiCommand) -> dict[str, str]:
    """The variables that a command's step has by `env`, `${{ }}` as they are written."""
    return _variables(each.workflow, each.job, each.step)


def directory_of(workflow: Workflow, job: Job, step: Step) -> Value:
    """The folder of a step from the root of the repository, with what its checkout says of that root."""
    if step.uses:
        action = known_action(step.uses.value)
        said: Text | Pair | None = step.input(action.folder if action else "")
    else:
        said = step.working_directory or job.working_directory or workflow.working_directory
    written = as_written(said.value) if said else ""
    path = normpath(
        written.removeprefix(_WORKSPACE).lstrip("/") if written.startswith(_WORKSPACE) else written
    )
    path = "" if path == "." else path
    if "${{" in path or path.startswith(("/", "..", "~", "$")):
        return unknown(f"the folder {written} is known when it runs")
    return in_checkout(job, path)


def in_checkout(job: Job, path: str) -> Value:
    """A path of the workspace as one of the repository; unknown in another repository's."""
    best: tuple[int, Value] = (-1, unknown("the job checks the repository out elsewhere"))
    checkouts = tuple(_checkouts(job))
    if not checkouts:
        return unknown("the job checks nothing out")
    for root, foreign in checkouts:
        if "${{" in root:
            return unknown("where it is checked out is known when it runs")
        if root and path != root and not path.startswith(f"{root}/"):
            continue
        inside = path[len(root) :].lstrip("/") if root else path
        value = unknown("another checkout") if foreign else known(inside)
        if len(root) > best[0] or foreign:
            best = (len(root), value)
    return best[1]


def is_brought(job: Job, path: str) -> bool:
    """Whether a path lies where the job checks another repository, or another state of this one, out."""
    return any(foreign and root and path.startswith(f"{root}/") for root, foreign in _checkouts(job))


def _checkouts(job: Job) -> Iterator[tuple[str, bool]]:
    """The folder of each checkout, "" for the workspace itself, and whether it is of something else."""
    for each in job.checkouts:
        folder, other, ref = each.input("path"), each.input("repository"), each.input("ref")
        root = normpath(folder.value).strip("/") if folder and folder.value else ""
        foreign = (other and other.value != "${{ github.repository }}") or (ref and _is_another(ref.value))
        yield "" if root == "." else root, bool(foreign)


def _is_another(ref: str) -> bool:
    """Whether a checkout takes another state than the one that is read: a branch or a tag by name."""
    return bool(ref) and "github.sha" not in ref and "head" not in ref and "github.ref" not in ref

"""Walks one workflow on one occasion: which jobs and steps may run, and which commands they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from posixpath import normpath

from runcrew_lint.domains.delivery.eas_commands import Action, EasCall
from runcrew_lint.domains.delivery.facts import Package
from runcrew_lint.domains.delivery.follow import Reached, Tracer, drive, mentions_eas
from runcrew_lint.domains.delivery.interpret import Interpreter, State
from runcrew_lint.domains.lattice import Value, known, lift, one_of, unknown
from runcrew_lint.domains.shell_scripts import simple_commands
from runcrew_lint.domains.workflows.evaluate import condition, interpolate, to_text, truth_of
from runcrew_lint.domains.workflows.facts import Job, LocalAction, Pair, Step, Text, Trigger, Workflow
from runcrew_lint.domains.workflows.occasion import Occasion, dispatched, github
from runcrew_lint.text import Place

MAX_NESTING = 10  # reusable workflows and composite actions, as GitHub allows
_SHELLS = ("bash", "sh")
_RUNNERS = ("npm", "npx", "pnpm", "pnpx", "yarn", "bun", "bunx")
_OF_EVENT = frozenset(
    f"GITHUB_{name}" for name in ("REF", "REF_NAME", "REF_TYPE", "EVENT_NAME", "HEAD_REF", "BASE_REF")
)
_WORKSPACE = "."  # github.workspace: the checkout, from which all folders are counted

# Actions that build a profile they are given: action (without its ref) -> the input.
# Source: continuous-deploy-fingerprint/action.yml of expo/expo-github-action 8 and 9.
PROFILE_INPUTS = {"expo/expo-github-action/continuous-deploy-fingerprint": "profile"}

Outputs = dict[str, Value]


def may_deliver(workflow: Workflow, workflows: tuple[Workflow, ...], packages: tuple[Package, ...]) -> bool:
    """Whether walking a workflow can come to an eas command at all."""
    by_script = any(mentions_eas(script.statements) for each in packages for script in each.scripts)
    by_script = by_script or any(
        mentions_eas(script.statements) for each in packages for script in each.shell_scripts
    )
    seen: set[str] = set()
    waiting = [workflow]
    while waiting:
        current = waiting.pop()
        if current.path in seen:
            continue
        seen.add(current.path)
        if any(mentions_eas(each.statements) for each in current.shell_scripts):
            return True
        steps = [step for job in current.jobs for step in job.steps]
        steps += [step for action in current.actions for step in action.steps]
        if any(_step_may(step, by_script) for step in steps):
            return True
        called = {_called(job) for job in current.jobs}
        waiting += [each for each in workflows if each.path in called]
    return False


def _step_may(step: Step, by_script: bool) -> bool:
    if step.uses and _name(step.uses.value) in PROFILE_INPUTS:
        return True
    if step.run is None or step.run.statements is None:
        return False
    if mentions_eas(step.run.statements):
        return True
    commands = simple_commands(step.run.statements)
    return by_script and any(word.literal in _RUNNERS for each in commands for word in each.words)


def _name(uses: str) -> str:
    return uses.partition("@")[0].lower()


def _called(job: Job) -> str:
    """The path of the repository's own workflow that a job calls."""
    uses = job.uses.value if job.uses else ""
    return normpath(uses) if uses.startswith("./") else ""


@dataclass(slots=True)
class _JobRun:
    """A job while it runs: what its steps left for those that follow."""

    job: Job
    sure: bool
    steps: dict[str, Outputs | None] = field(default_factory=dict)  # None: an action decides
    skipped: set[str] = field(default_factory=set)
    exports: Outputs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a step stands: in a workflow's job, or in a composite action with inputs of its own."""

    run: _JobRun
    path: str
    env: tuple[tuple[Pair, ...], ...]
    inputs: dict[str, Value] | None
    directory: Text | None
    nesting: int
    step: Place | None = None  # the step of the workflow, where this is an action's


class Walk:
    """One workflow on one occasion; `inputs` are those of a reusable workflow's caller."""

    def __init__(
        self,
        workflow: Workflow,
        trigger: Trigger,
        occasion: Occasion,
        tracer: Tracer,
        workflows: tuple[Workflow, ...],
        inputs: dict[str, Value] | None = None,
        nesting: int = 0,
    ) -> None:
        self.workflow, self.trigger, self.occasion = workflow, trigger, occasion
        self.tracer, self.workflows, self.inputs, self.nesting = tracer, workflows, inputs, nesting
        self.actions = {each.directory: each for each in workflow.actions}
        self.shell_scripts = {each.path: each for each in workflow.shell_scripts}
        self.runs: dict[str, _JobRun | None] = {}

    def commands(self) -> Iterator[Reached]:
        """Every eas command that may be come to, in the order of the jobs' needs."""
        for job in _in_order(self.workflow.jobs):
            run = self._started(job)
            self.runs[job.id.lower()] = run
            if run is None:
                continue
            if job.uses:
                yield from self._reusable(run)
                continue
            scope = _Scope(
                run,
                self.workflow.path,
                (job.env, self.workflow.env),
                self.inputs,
                job.working_directory or self.workflow.working_directory,
                self.nesting,
            )
            yield from self._steps(job.steps, scope)

    def _started(self, job: Job) -> _JobRun | None:
        """The job, where it may run at all."""
        needed = [self.runs.get(each.value.lower()) for each in job.needs if self.workflow.job(each.value)]
        run = _JobRun(job, all(each is not None and each.sure for each in needed))
        scope = _Scope(run, self.workflow.path, (self.workflow.env,), self.inputs, None, self.nesting)
        answer, asks = self._answer(job.condition, scope)
        if answer is False or (not asks and any(each is None for each in needed)):
            return None
        run.sure = answer is True and (run.sure or asks)
        return run

    def _answer(self, text: Text | None, scope: _Scope) -> tuple[bool | None, bool]:
        """Whether an `if:` lets it run, and whether it asks for the status of what went before."""
        if text is None:
            return True, False
        value, asks = condition(text.value, lambda path: self._lookup(path, scope))
        return truth_of(value), asks

    def _reusable(self, run: _JobRun) -> Iterator[Reached]:
        job, path = run.job, _called(run.job)
        called = next((each for each in self.workflows if each.path == path), None)
        trigger = called.trigger("workflow_call") if called else None
        if called is None or trigger is None or self.nesting >= MAX_NESTING:
            return
        scope = _Scope(run, self.workflow.path, (), self.inputs, None, self.nesting)
        given = {each.name.lower(): self._text(each.value, scope) for each in job.inputs}
        for each in trigger.inputs:
            given.setdefault(each.name.lower(), known(each.default if each.default is not None else ""))
        walk = Walk(called, self.trigger, self.occasion, self.tracer, self.workflows, given, self.nesting + 1)
        for reached in walk.commands():
            yield replace(reached, job_id=f"{job.id} / {reached.job_id}", sure=reached.sure and run.sure)

    def _steps(self, steps: Iterable[Step], scope: _Scope) -> Iterator[Reached]:
        for step in steps:
            inner = replace(scope, env=(step.env, *scope.env))
            answer, _ = self._answer(step.condition, inner)
            if answer is False:
                scope.run.skipped.add(step.id.lower())
                continue
            yield from self._step(step, inner, scope.run.sure and answer is True)

    def _step(self, step: Step, scope: _Scope, sure: bool) -> Iterator[Reached]:
        run, uses = scope.run, step.uses.value if step.uses else ""
        place = scope.step or Place(scope.path, step.span)
        if uses.startswith("./"):
            yield from self._composite(step, scope, sure, place)
            run.steps[step.id.lower()] = None
            return
        if uses:
            run.steps[step.id.lower()] = None
        given = step.input(PROFILE_INPUTS.get(_name(uses), ""))
        if given:
            calls = (
                EasCall(Action.BUILD, self._text(given.value, scope), Place(scope.path, given.span), ()),
            )
            line = f"{uses} with {given.name} {given.value}"
            directory = self._directory(step, scope)
            yield Reached(run.job.id, self._job(run), place, place, None, calls, directory, sure, line)
        if step.run is None or step.run.statements is None or not _is_shell(step, run.job, self.workflow):
            return
        state = State(self._directory(step, scope))
        interpreter = Interpreter(
            scope.path, lambda hole: self._text(hole, scope), lambda name: self._env(name, scope)
        )
        for command in drive(interpreter.run(step.run.statements, state, sure)):
            for hit in self.tracer.trace(command, lambda name: self._env(name, scope), self.shell_scripts):
                script = hit.place if hit.place.path != command.place.path else None
                yield Reached(
                    run.job.id, self._job(run), place, command.place, script,
                    hit.calls, hit.directory, hit.sure, hit.line,
                )  # fmt: skip
        if not uses:
            run.steps[step.id.lower()] = state.outputs
        run.exports |= state.exports

    def _job(self, run: _JobRun) -> Place:
        return Place(self.workflow.path, run.job.span)

    def _composite(self, step: Step, scope: _Scope, sure: bool, place: Place) -> Iterator[Reached]:
        """A composite action of the repository: its steps, with inputs of its own."""
        action = self.actions.get(normpath(step.uses.value if step.uses else ""))
        if action is None or scope.nesting >= MAX_NESTING:
            return
        run = _JobRun(scope.run.job, sure, exports=scope.run.exports)
        inner = _Scope(
            run, action.path, scope.env, self._given(action, step, scope), None, scope.nesting + 1, place
        )
        yield from self._steps(action.steps, inner)

    def _given(self, action: LocalAction, step: Step, scope: _Scope) -> dict[str, Value]:
        given = {each.name.lower(): self._text(each.value, scope) for each in step.inputs}
        for each in action.inputs:
            given.setdefault(each.name.lower(), known(each.default or ""))
        return {name: lift(to_text, value) for name, value in given.items()}

    def _directory(self, step: Step, scope: _Scope) -> Value:
        """The folder that a step runs in, from the root."""
        said = step.working_directory or (None if step.uses else scope.directory)
        if step.uses and (given := step.input("working-directory")):
            said = Text(given.value, given.span)
        if said is None:
            return known("")

        def cleaned(value: object) -> str:
            path = normpath(str(value) or ".")
            return "" if path == "." else path

        value = self._text(said.value, scope)
        if any(str(each).startswith(("/", "..", "~")) for each in value.options):
            return unknown(f"the folder {said.value} lies outside of the checkout")
        return lift(cleaned, value)

    def _text(self, text: str, scope: _Scope) -> Value:
        return interpolate(text, lambda path: self._lookup(path, scope))

    def _env(self, name: str, scope: _Scope) -> Value | None:
        """An environment variable of a step: its own, the job's, the workflow's, or the runner's."""
        for level, pairs in enumerate(scope.env):
            if level == 1 and name in scope.run.exports:
                return scope.run.exports[name]
            for pair in pairs:
                if pair.name == name:
                    return lift(to_text, self._text(pair.value, replace(scope, env=scope.env[level + 1 :])))
        if name in scope.run.exports:
            return scope.run.exports[name]
        if name == "GITHUB_WORKSPACE":
            return known(_WORKSPACE)
        if name in _OF_EVENT:
            return github(self.trigger, self.occasion, (name.removeprefix("GITHUB_").lower(),))
        if name.startswith(("GITHUB_", "RUNNER_")):
            return unknown(f"`${name}` is known when it runs")
        return known("true") if name == "CI" else None

    def _lookup(self, path: tuple[str, ...], scope: _Scope) -> Value:
        head, rest = path[0], path[1:]
        if head == "github":
            return known(_WORKSPACE) if rest == ("workspace",) else github(self.trigger, self.occasion, rest)
        if head == "inputs" and len(rest) == 1:
            if scope.inputs is not None:
                return scope.inputs.get(rest[0], known(None))
            return (
                dispatched(self.trigger, rest[0])
                if self.occasion.event == "workflow_dispatch"
                else known(None)
            )
        if head == "env" and len(rest) == 1:
            names = {pair.name.lower(): pair.name for pairs in scope.env for pair in pairs}
            names |= {name.lower(): name for name in scope.run.exports}
            return self._env(names.get(rest[0], rest[0].upper()), scope) or known(None)
        if head == "matrix" and rest:
            return _matrix(scope.run.job, rest)
        if head == "needs" and len(rest) >= 2:
            return self._needs(rest)
        if head == "steps" and len(rest) == 3 and rest[1] == "outputs":
            return _output(scope.run, rest[0], rest[2])
        if head in ("secrets", "vars"):
            return unknown(f"`{'.'.join(path)}` is set on GitHub")
        return unknown(f"`{'.'.join(path)}` is known when it runs")

    def _needs(self, path: tuple[str, ...]) -> Value:
        name = path[0]
        job = self.workflow.job(name)
        run = self.runs.get(name)
        if job is None:
            return known(None)
        if path[1] == "result":
            if run is None:
                return known("skipped")
            return one_of(("success", "failure", "cancelled"), f"how {job.id} ends is known when it runs")
        if path[1] == "outputs" and len(path) == 3:
            if run is None:
                return known(None)
            pair = next((each for each in job.outputs if each.name.lower() == path[2]), None)
            if pair is None:
                return (
                    known(None) if not job.uses else unknown(f"the workflow that {job.id} calls decides it")
                )
            scope = _Scope(
                run, self.workflow.path, (job.env, self.workflow.env), self.inputs, None, self.nesting
            )
            return self._text(pair.value, scope)
        return unknown(f"`needs.{'.'.join(path)}` is known when it runs")


def _in_order(jobs: tuple[Job, ...]) -> list[Job]:
    """Jobs after those that they need; what is left of a cycle comes last."""
    done: set[str] = set()
    order: list[Job] = []
    ids = {job.id.lower() for job in jobs}
    waiting = list(jobs)
    while waiting:
        ready = [
            job
            for job in waiting
            if all(each.value.lower() in done or each.value.lower() not in ids for each in job.needs)
        ]
        if not ready:
            return order + waiting
        order += ready
        done |= {job.id.lower() for job in ready}
        waiting = [job for job in waiting if job.id.lower() not in done]
    return order


def _is_shell(step: Step, job: Job, workflow: Workflow) -> bool:
    shell = step.shell or (None if step.uses else job.shell or workflow.shell)
    return shell is None or shell.value.split()[0].rpartition("/")[2] in (
        *_SHELLS,
        "zsh",
        "pwsh",
        "powershell",
    )


def _matrix(job: Job, path: tuple[str, ...]) -> Value:
    axis = next((each for each in job.matrix if each.name.lower() == path[0]), None)
    if axis is None:
        return unknown("the matrix is made when it runs") if job.matrix_is_open else known(None)
    if axis.open or job.matrix_is_open or len(path) > 1:
        return unknown(f"`matrix.{'.'.join(path)}` is made when it runs")
    return one_of(axis.values, MATRIX)


MATRIX = "the matrix runs them all"


def _output(run: _JobRun, step: str, name: str) -> Value:
    outputs = run.steps.get(step, {})
    if outputs is None:
        return unknown(f"the output `{name}` of the step `{step}` is known when it runs")
    found = next((value for key, value in outputs.items() if key.lower() == name), None)
    if found is not None:
        return found
    if step in run.skipped:
        return known("")
    return unknown(f"the output `{name}` of the step `{step}` is set nowhere that can be read")

"""Walks one workflow on one occasion: which jobs and steps may run, and which commands they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import normpath

from runcrew_lint.domains.delivery.contexts import Contexts, JobRun, Scope, given
from runcrew_lint.domains.delivery.eas_commands import Action, EasCall
from runcrew_lint.domains.delivery.follow import Reached, Tracer, drive
from runcrew_lint.domains.delivery.interpret import Interpreter
from runcrew_lint.domains.delivery.state import State
from runcrew_lint.domains.lattice import Value
from runcrew_lint.domains.workflows.facts import Job, Step, Trigger, Workflow
from runcrew_lint.domains.workflows.occasion import Occasion
from runcrew_lint.text import Place

MAX_NESTING = 10  # reusable workflows and composite actions, as GitHub allows
_SHELLS = ("", "bash", "sh", "zsh", "pwsh", "powershell")  # the last two for plain commands

# Actions that build a profile they are given: action (without its ref) -> the input.
# Source: continuous-deploy-fingerprint/action.yml of expo/expo-github-action 8 and 9.
PROFILE_INPUTS = {"expo/expo-github-action/continuous-deploy-fingerprint": "profile"}


def may_deliver(workflow: Workflow, workflows: tuple[Workflow, ...], tracer: Tracer) -> bool:
    """Whether walking a workflow can come to an eas command at all."""
    seen: set[str] = set()
    waiting = [workflow]
    while waiting:
        current = waiting.pop()
        if current.path in seen:
            continue
        seen.add(current.path)
        if any(tracer.delivers(each.mentions) for each in current.shell_scripts):
            return True
        steps = [step for job in current.jobs for step in job.steps]
        steps += [step for action in current.actions for step in action.steps]
        if any(_step_may(step, tracer) for step in steps):
            return True
        called = {_called(job) for job in current.jobs}
        waiting += [each for each in workflows if each.path in called]
    return False


def _step_may(step: Step, tracer: Tracer) -> bool:
    if step.uses and _name(step.uses.value) in PROFILE_INPUTS:
        return True
    said = step.run.mentions if step.run else None
    return said is not None and tracer.delivers(said)


def _name(uses: str) -> str:
    return uses.partition("@")[0].lower()


def _called(job: Job) -> str:
    """The path of the repository's own workflow that a job calls."""
    uses = job.uses.value if job.uses else ""
    return normpath(uses) if uses.startswith("./") else ""


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
        self.tracer, self.workflows, self.nesting = tracer, workflows, nesting
        self.context = Contexts(workflow, trigger, occasion, inputs)
        self.actions = {each.directory: each for each in workflow.actions}
        self.shell_scripts = {each.path: each for each in workflow.shell_scripts}

    def commands(self) -> Iterator[Reached]:
        """Every eas command that may be come to, in the order of the jobs' needs."""
        for job in _in_order(self.workflow.jobs):
            run = self._started(job)
            self.context.runs[job.id.lower()] = run
            if run is None:
                continue
            if job.uses:
                yield from self._reusable(run)
                continue
            yield from self._steps(job.steps, self.context.of_job(run))

    def _started(self, job: Job) -> JobRun | None:
        """The job, where it may run at all."""
        needed = [
            self.context.runs.get(each.value.lower()) for each in job.needs if self.workflow.job(each.value)
        ]
        run = JobRun(job, all(each is not None and each.sure for each in needed))
        scope = replace(self.context.of_job(run), env=(self.workflow.env,))
        answer, asks = self.context.answer(job.condition, scope)
        if answer is False or (not asks and any(each is None for each in needed)):
            return None
        run.sure = answer is True and (run.sure or asks)
        return run

    def _reusable(self, run: JobRun) -> Iterator[Reached]:
        job, path = run.job, _called(run.job)
        called = next((each for each in self.workflows if each.path == path), None)
        trigger = called.trigger("workflow_call") if called else None
        if called is None or trigger is None or self.nesting >= MAX_NESTING:
            return
        scope = replace(self.context.of_job(run), env=())
        handed = given(job.inputs, trigger.inputs, self.context, scope)
        walk = Walk(
            called, self.trigger, self.occasion, self.tracer, self.workflows, handed, self.nesting + 1
        )
        for reached in walk.commands():
            yield replace(reached, job_id=f"{job.id} / {reached.job_id}", sure=reached.sure and run.sure)

    def _steps(self, steps: Iterable[Step], scope: Scope) -> Iterator[Reached]:
        for step in steps:
            inner = replace(scope, env=(step.env, *scope.env))
            answer, _ = self.context.answer(step.condition, inner)
            if answer is False:
                scope.run.skipped.add(step.id.lower())
                continue
            yield from self._step(step, inner, scope.run.sure and answer is True)

    def _step(self, step: Step, scope: Scope, sure: bool) -> Iterator[Reached]:
        run, uses = scope.run, step.uses.value if step.uses else ""
        place = scope.step or Place(scope.path, step.span)
        if uses.startswith("./"):
            yield from self._composite(step, scope, sure, place)
            run.steps[step.id.lower()] = None
            return
        if uses:
            run.steps[step.id.lower()] = None
        profile = step.input(PROFILE_INPUTS.get(_name(uses), ""))
        if profile:
            calls = (
                EasCall(
                    Action.BUILD, self.context.text(profile.value, scope), Place(scope.path, profile.span), ()
                ),
            )
            line = f"{uses} with {profile.name} {profile.value}"
            directory = self.context.directory(step, scope)
            yield Reached(run.job.id, self._job(run), place, place, None, calls, directory, sure, line)
        if step.run is None or step.run.statements is None or not _is_shell(step, run.job, self.workflow):
            return
        said = step.run.mentions
        if not (self.tracer.delivers(said) or said.script or said.handed_on):
            return
        state = State(self.context.directory(step, scope))
        interpreter = Interpreter(
            scope.path,
            lambda hole: self.context.text(hole, scope),
            lambda name: self.context.env(name, scope),
        )
        for command in drive(interpreter.run(step.run.statements, state, sure)):
            for hit in self.tracer.trace(
                command, lambda name: self.context.env(name, scope), self.shell_scripts
            ):
                script = hit.place if hit.place.path != command.place.path else None
                yield Reached(
                    run.job.id, self._job(run), place, command.place, script,
                    hit.calls, hit.directory, hit.sure, hit.line,
                )  # fmt: skip
        if not uses:
            run.steps[step.id.lower()] = state.outputs
        run.exports |= state.exports

    def _job(self, run: JobRun) -> Place:
        return Place(self.workflow.path, run.job.span)

    def _composite(self, step: Step, scope: Scope, sure: bool, place: Place) -> Iterator[Reached]:
        """A composite action of the repository: its steps, with inputs of its own."""
        action = self.actions.get(normpath(step.uses.value if step.uses else ""))
        if action is None or scope.nesting >= MAX_NESTING:
            return
        run = JobRun(scope.run.job, sure, exports=scope.run.exports)
        inner = Scope(
            run,
            action.path,
            scope.env,
            given(step.inputs, action.inputs, self.context, scope),
            None,
            scope.nesting + 1,
            place,
        )
        yield from self._steps(action.steps, inner)


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
    name = shell.value.split(" ")[0].rpartition("/")[2] if shell else "bash"
    return name in _SHELLS

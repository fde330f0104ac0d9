"""Walks one workflow on one occasion: which jobs and steps may run, and which commands they come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import normpath

from runcrew_lint.domains.delivery.calls import DELIVERING, Action, call
from runcrew_lint.domains.delivery.contexts import Asked, Contexts, Handed, JobRun, Outputs, Scope
from runcrew_lint.domains.delivery.order import by_id, in_order, needs_of
from runcrew_lint.domains.delivery.programs import strange_line
from runcrew_lint.domains.delivery.reached import Reached, Site
from runcrew_lint.domains.delivery.regardless import is_forgiven, runs_regardless
from runcrew_lint.domains.delivery.scripted import Scripted
from runcrew_lint.domains.delivery.state import Budget
from runcrew_lint.domains.delivery.supplied import built_in, is_built_in, supplied
from runcrew_lint.domains.delivery.used_actions import action_calls, is_strange
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.workflows.facts import Job, Step, Trigger, Workflow
from runcrew_lint.domains.workflows.known_actions import known_action
from runcrew_lint.domains.workflows.matrix import combinations
from runcrew_lint.domains.workflows.occasion import Occasion
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

MAX_STEPS = 5_000  # of one workflow on one occasion, combinations of matrices and nested actions included
MAX_JOBS = 1_000  # of one workflow; what each waits for grows with their square
MAX_NESTING = 10  # reusable workflows and composite actions, as GitHub allows
_SHELLS = ("", "bash", "sh", "zsh", "pwsh", "powershell")  # the last two for plain commands
_SAYS_DEPLOY = lazily(r"deploy|rollout|roll-out|go-?live|\bship|배포", re.IGNORECASE)
_SAYS_SENT = lazily(r"release|publish|deliver|\bcd\b|upload|출시|릴리[즈스]", re.IGNORECASE)


def may_deliver(workflow: Workflow) -> bool:
    """Whether walking a workflow can come to anything that the map knows."""
    return any(job.uses or any(step.uses or step.run for step in job.steps) for job in workflow.jobs)


def called_by(job: Job) -> str:
    """The path of the repository's own workflow that a job calls."""
    uses = job.uses.value if job.uses else ""
    return normpath(uses) if uses.startswith("./") else ""


class Walk:
    """One workflow on one occasion; `inputs` are those of a reusable workflow's caller.

    `limits` takes what a bound cut short, as words that follow the workflow's path.
    """

    def __init__(
        self,
        workflow: Workflow,
        trigger: Trigger,
        occasion: Occasion,
        scripted: Scripted,
        workflows: tuple[Workflow, ...],
        inputs: Handed | None = None,
        caller: Site | None = None,
        nesting: int = 0,
        asked: Asked | None = None,
        limits: dict[Place, str] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.workflow, self.trigger, self.occasion = workflow, trigger, occasion
        self.scripted, self.workflows, self.nesting = scripted, workflows, nesting
        self.context = Contexts(workflow, trigger, occasion, inputs, asked)
        self.jobs = by_id(workflow.jobs)
        self.actions = {each.directory: each for each in workflow.actions}
        self.shell_scripts = {each.path: each for each in workflow.shell_scripts}
        self.caller = caller
        self.limits: dict[Place, str] = {} if limits is None else limits
        self.budget = budget or Budget(MAX_STEPS)

    def commands(self) -> Iterator[Reached]:
        """Every command that may be come to, in the order of the jobs' needs.

        Where a job seems to deliver and nothing in it is known to, what is not known in it is given back
        as `Action.UNKNOWN`.
        """
        jobs = self.workflow.jobs
        if len(jobs) > MAX_JOBS:
            self.limits[Place(self.workflow.path, jobs[MAX_JOBS].span)] = f"it has more than {MAX_JOBS} jobs"
        order = in_order(jobs[:MAX_JOBS])
        needs = needs_of(order)
        for job in order:
            if not self.budget.take():
                break
            run = self._started(job)
            self.context.runs[job.id.lower()] = run
            if run is None:
                continue
            found: list[Reached] = []
            self.context.varies = any("matrix" in each.value for each in job.outputs)
            for each in self._combined(run):
                self.context.runs[job.id.lower()] = each
                site = self._site(each, needs[job.id])
                inner = (
                    self._reusable(each, site)
                    if job.uses
                    else self._steps(job.steps, self.context.of_job(each), site)
                )
                for reached in inner:
                    if not reached.strange:
                        yield reached
                    found.append(reached)
                if not self.context.varies:
                    break  # all combinations of its matrix do the same
            yield from _unknown(found)

    def _combined(self, run: JobRun) -> Iterator[JobRun]:
        """The job once for each combination of its matrix."""
        job = run.job
        if not (job.matrix or job.matrix_include or job.matrix_is_open):
            yield run
            return
        made = combinations(job)
        if made is None:
            if not job.matrix_is_open and not any(axis.open for axis in job.matrix):
                place = Place(self.workflow.path, job.span)
                self.limits[place] = f"the matrix of the job `{job.id}` has too many combinations"
            yield run
            return
        for each in made:
            yield replace(run, combination=each, steps={}, skipped=set(), exports={})

    def _started(self, job: Job) -> JobRun | None:
        """The job, where it may run at all."""
        needed = [
            self.context.runs.get(each.value.lower()) for each in job.needs if each.value.lower() in self.jobs
        ]
        run = JobRun(job, all(each is not None and each.sure for each in needed))
        scope = replace(self.context.of_job(run), env=(self.workflow.env,))
        answer, asks = self.context.answer(job.condition, scope)
        if answer is False or (not asks and any(each is None for each in needed)):
            return None
        run.sure = answer is True and (run.sure or asks)
        doubts = {place for each in needed if each and not asks for place in each.doubts}
        if answer is None and job.condition:
            doubts.add(Place(self.workflow.path, job.condition.span))
        run.doubts = frozenset(doubts)
        return run

    def _site(self, run: JobRun, before: frozenset[str]) -> Site:
        job, outer = run.job, self.caller
        prefix = f"{outer.id} / " if outer else ""
        needs = frozenset(f"{prefix}{each}" for each in before) if prefix else before
        scope = self.context.of_job(run)
        name = job.name.value if job.name and "${{" not in job.name.value else job.id
        environment = self.context.text(job.environment.value, scope) if job.environment else known("")
        return Site(
            f"{prefix}{job.id}",
            f"{outer.name} / {name}" if outer else name,
            Place(self.workflow.path, job.span),
            environment if job.environment or outer is None else outer.environment,
            needs | outer.needs if outer else needs,
            runs_regardless(job.condition, self.context.looking(scope)),
            bool(job.services),
        )

    def _reusable(self, run: JobRun, site: Site) -> Iterator[Reached]:
        job, path = run.job, called_by(run.job)
        called = next((each for each in self.workflows if each.path == path), None)
        trigger = called.trigger("workflow_call") if called else None
        place = Place(self.workflow.path, job.span)
        if called is None or trigger is None:
            run.outputs = None
            uses = job.uses.value if job.uses else ""
            what = call(Action.UNKNOWN, f"the workflow {uses}", ())
            yield Reached(
                site, place, place, None, (what,), known(""), run.sure, uses, run.doubts,
                says_deploy=bool(_SAYS_DEPLOY.search(f"{uses} {job.id}")),
            )  # fmt: skip
            return
        if self.nesting >= MAX_NESTING:
            self.limits[place] = "workflows that call workflows are followed ten deep"
            return
        scope = replace(self.context.of_job(run), env=())
        handed = Handed(job.inputs, trigger.inputs, self.context, scope)
        walk = Walk(
            called, self.trigger, self.occasion, self.scripted, self.workflows, handed, site,
            self.nesting + 1, self.context.asked, self.limits, self.budget,
        )  # fmt: skip
        for reached in walk.commands():
            yield replace(reached, sure=reached.sure and run.sure, doubts=reached.doubts | run.doubts)
        outputs: Outputs = {}
        for each in trigger.outputs:
            outputs[each.name.lower()] = walk.context.output(each.value, walk.context.of_job(run))
        run.outputs = outputs

    def _steps(self, steps: Iterable[Step], scope: Scope, site: Site) -> Iterator[Reached]:
        for step in steps:
            if not self.budget.take():
                self.limits[Place(scope.path, step.span)] = (
                    f"it runs more than {MAX_STEPS} steps on one occasion"
                )
                return
            bakes = any(map(is_built_in, step.env)) if step.env else False
            if not step.id and not bakes and self.scripted.silence.of(step, self.actions):
                continue
            inner = scope.within(step.env)
            answer, _ = self.context.answer(step.condition, inner)
            if answer is False:
                scope.run.skipped.add(step.id.lower())
                continue
            doubts = scope.run.doubts
            if answer is None and step.condition:
                doubts |= {Place(scope.path, step.condition.span)}
            sure = scope.run.sure and answer is True
            look = self.context.looking(inner)
            forgiving = any(
                is_forgiven(each, look) for each in (step.continue_on_error, scope.run.job.continue_on_error)
            )
            anyway = runs_regardless(step.condition, look)
            if bakes:
                scope.run.baked += built_in(inner, self.context)
            supply = None
            for each in self._step(step, inner, site, sure):
                if supply is None and any(one.action in DELIVERING for one in each.calls):
                    baked = (*scope.run.baked, *built_in(inner, self.context))
                    supply = (*supplied(step, inner, self.context), *dict.fromkeys(baked))
                own = {each.call} if sure and not each.sure else set()
                says = each.says_deploy or self._says_deploy(step, site)
                told = doubts | each.doubts if each.doubts or own else doubts
                yield Reached(
                    each.site, each.step, each.call, each.script, each.calls, each.directory, each.sure,
                    each.line, told | own if own else told, each.forgiven or forgiving,
                    each.anyway or anyway, each.given or supply or (), each.strange, says,
                )  # fmt: skip

    def _says_deploy(self, step: Step, site: Site) -> bool:
        """Whether the step or the job, or a workflow of one job, says that it deploys."""
        said = f"{step.name.value if step.name else ''} {site.id} {site.name}"
        if len(self.workflow.jobs) == 1:
            stem = self.workflow.path.rpartition("/")[2].rpartition(".")[0]
            said += f" {stem} {self.workflow.name.value if self.workflow.name else ''}"
        return bool(_SAYS_DEPLOY.search(said))

    def _step(self, step: Step, scope: Scope, site: Site, sure: bool) -> Iterator[Reached]:
        run, uses = scope.run, step.uses.value if step.uses else ""
        place = scope.step or Place(scope.path, step.span)
        if uses.startswith("./"):
            yield from self._composite(step, scope, sure, place, site)
            return
        if uses:
            run.steps[step.id.lower()] = None
            calls, line = action_calls(step, scope, self.context)
            if calls:
                directory = self.context.directory(step, scope)
                yield Reached(site, place, place, None, calls, directory, sure, line)
            elif is_strange(uses) and step.run is None:
                yield Reached(
                    site, place, place, None, (), known(""), sure, uses, strange=f"the action {uses}"
                )
        if step.run is None or not _is_shell(step, run.job, self.workflow):
            return
        if step.run.statements is None:
            if line := strange_line(step.run.script):
                what = f"`{line[:60]}`"
                yield Reached(site, place, place, None, (), known(""), sure, line, strange=what)
            return
        known_one = known_action(uses) if uses else None
        directory = self.context.directory(step, scope)
        host: Value | None = None
        shell = _shell(step, run.job, self.workflow)
        if any(each.value == "self-hosted" for each in run.job.runs_on):
            host = known("self-hosted")  # a machine that stays: what is started there is deployed
        if known_one and known_one.remote:
            named = step.input(known_one.target[0]) if known_one.target else None
            host = self.context.text(named.value, scope) if named else unknown("the machine is not named")
            directory = unknown("it runs on another machine")
            stops = step.input(known_one.stops)
            shell = "" if stops and stops.value == "true" else "sh {0}"
        elif known_one and known_one.goes_on:
            shell = "sh {0}"
        ran = self.scripted.run(
            Place(scope.path, step.run.span),
            step.run.statements,
            directory,
            host,
            lambda hole: self.context.text(hole, scope),
            lambda name: self.context.env(name, scope),
            self.shell_scripts,
            shell,
        )
        for hit, call_place in ran.hits:
            script = hit.place if hit.place.path != call_place.path else None
            yield Reached(
                site, place, call_place, script, hit.calls, hit.directory, sure and hit.sure, hit.line,
                forgiven=hit.forgiven, strange=hit.strange,
            )  # fmt: skip
        if ran.cut_short:
            self.limits[place] = "its script has too many commands or loops to follow"
        if not uses:
            run.steps[step.id.lower()] = ran.outputs
        run.exports |= ran.exports

    def _composite(self, step: Step, scope: Scope, sure: bool, place: Place, site: Site) -> Iterator[Reached]:
        """A composite action of the repository: its steps, with inputs of its own."""
        uses = step.uses.value if step.uses else ""
        action = self.actions.get(normpath(uses))
        outer = scope.run
        outer.steps[step.id.lower()] = None
        if action is None:
            yield Reached(site, place, place, None, (), known(""), sure, uses, strange=f"the action {uses}")
            return
        if scope.nesting >= MAX_NESTING:
            self.limits[place] = "actions that use actions are followed ten deep"
            return
        run = JobRun(
            outer.job, sure, exports=outer.exports, combination=outer.combination, doubts=outer.doubts
        )
        inner = Scope(
            run,
            action.path,
            scope.env,
            Handed(step.inputs, action.inputs, self.context, scope),
            None,
            scope.nesting + 1,
            place,
        )
        yield from self._steps(action.steps, inner, site)
        if action.outputs:
            outer.steps[step.id.lower()] = {
                each.name: self.context.output(each.value, inner) for each in action.outputs
            }


def _unknown(found: list[Reached]) -> Iterator[Reached]:
    """What a job that seems to deliver may deliver by, where nothing in it is known to.

    An image that is pushed is not rolled out yet; and what says itself that it deploys does so beside
    whatever else the job does.
    """
    does = {each.action for one in found for each in one.calls}
    rolls_out = not does.isdisjoint(DELIVERING - {Action.PUSH})
    for each in sorted(found, key=lambda one: not _SAYS_DEPLOY.search(one.strange)):
        if not each.strange:
            continue
        own = bool(_SAYS_DEPLOY.search(each.strange))
        sent = Action.PUSH not in does and _SAYS_SENT.search(f"{each.site.id} {each.site.name}")
        if own or (not rolls_out and (each.says_deploy or sent)):
            calls = (call(Action.UNKNOWN, each.strange, ()),)
            yield replace(each, calls=calls, strange="", says_deploy=each.says_deploy or own)
            return


def _shell(step: Step, job: Job, workflow: Workflow) -> str:
    """What `shell:` says of a step's script, "" for nothing."""
    shell = step.shell or (None if step.uses else job.shell or workflow.shell)
    return shell.value if shell else ""


def _is_shell(step: Step, job: Job, workflow: Workflow) -> bool:
    return _shell(step, job, workflow).split(" ")[0].rpartition("/")[2] in _SHELLS

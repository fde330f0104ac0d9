"""What a step sees: the contexts of its expressions, its environment variables, its folder."""

from __future__ import annotations

from dataclasses import field
from posixpath import normpath

from runcrew_lint.domains.delivery.reached import Given
from runcrew_lint.domains.delivery.workspace import WORKSPACE, from_root
from runcrew_lint.domains.lattice import Value, known, lift, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import Lookup, condition, interpolate, to_text, truth_of
from runcrew_lint.domains.workflows.expressions import number
from runcrew_lint.domains.workflows.facts import Input, Job, Pair, Step, Text, Trigger, Workflow
from runcrew_lint.domains.workflows.known_actions import known_action
from runcrew_lint.domains.workflows.matrix import Combination
from runcrew_lint.domains.workflows.occasion import Occasion, dispatched, github
from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.text import Place

_OF_RUN = "run"  # no context of GitHub's: the inputs of a run by hand
_OF_EVENT = frozenset(
    f"GITHUB_{name}" for name in ("REF", "REF_NAME", "REF_TYPE", "EVENT_NAME", "HEAD_REF", "BASE_REF")
)

Outputs = dict[str, Value]
Asked = dict[tuple[str, ...], Value]


@mutable
class JobRun:
    """A job while it runs: what its steps left for those that follow."""

    job: Job
    sure: bool
    steps: dict[str, Outputs | None] = field(default_factory=dict)  # None: an action decides
    skipped: set[str] = field(default_factory=set)
    exports: Outputs = field(default_factory=dict)
    combination: Combination | None = None  # of the matrix; None where it is not known
    doubts: frozenset[Place] = frozenset()  # conditions on its way that are not known
    outputs: Outputs | None = None  # of a reusable workflow
    baked: tuple[Given, ...] = ()  # what its builds have put into what they made


@frozen
class Scope:
    """Where a step stands: in a workflow's job, or in a composite action with inputs of its own."""

    run: JobRun
    path: str
    env: tuple[tuple[Pair, ...], ...]
    inputs: Handed | None
    directory: Text | None
    nesting: int
    step: Place | None = None  # the step of the workflow, where this is an action's

    def within(self, env: tuple[Pair, ...]) -> Scope:
        """The same place with variables of its own before those around it."""
        return Scope(
            self.run, self.path, (env, *self.env), self.inputs, self.directory, self.nesting, self.step
        )

    def outside(self, level: int) -> Scope:
        """The same place without the variables of the first levels."""
        return Scope(
            self.run, self.path, self.env[level:], self.inputs, self.directory, self.nesting, self.step
        )


class Contexts:
    """The contexts of one workflow on one occasion.

    Arguments:
        inputs: those that a caller gives a reusable workflow; None for any other.
        asked: takes what is looked up of the occasion: another one that answers the same runs the same.
    """

    def __init__(
        self,
        workflow: Workflow,
        trigger: Trigger,
        occasion: Occasion,
        inputs: Handed | None,
        asked: Asked | None = None,
    ) -> None:
        self.workflow, self.trigger, self.occasion, self.inputs = workflow, trigger, occasion, inputs
        self.asked: Asked = {} if asked is None else asked
        self.named: set[str] | None = None  # secrets and variables that are looked up, while somebody asks
        self.runs: dict[str, JobRun | None] = {}  # by id; None for a job that is skipped
        self.varies = False  # whether somebody has asked for what differs within a matrix

    def github(self, path: tuple[str, ...]) -> Value:
        """`github.<path>`."""
        found = self.asked.get(path)
        if found is None:
            found = self.asked[path] = told(self.trigger, self.occasion, path)
        return found

    def of_job(self, run: JobRun) -> Scope:
        """What the steps of a job share."""
        job = run.job
        directory = job.working_directory or self.workflow.working_directory
        return Scope(run, self.workflow.path, (job.env, self.workflow.env), self.inputs, directory, 0)

    def answer(self, text: Text | None, scope: Scope) -> tuple[bool | None, bool]:
        """Whether an `if:` lets it run, and whether it asks for the status of what went before."""
        if text is None:
            return True, False
        value, asks = condition(text.value, lambda path: self.lookup(path, scope))
        return truth_of(value), asks

    def looking(self, scope: Scope) -> Lookup:
        """What looks up a context's path there."""
        return lambda path: self.lookup(path, scope)

    def directory(self, step: Step, scope: Scope) -> Value:
        """The folder that a step runs in, from the root."""
        elsewhere = step.uses and not step.uses.value.startswith("eas:")  # an action's folder is its own
        said = step.working_directory or (None if elsewhere else scope.directory)
        known_one = known_action(step.uses.value) if step.uses else None
        name = known_one.folder if known_one and known_one.script else "working-directory"
        if step.uses and name and (given := step.input(name)):
            said = Text(given.value, given.span)
        if said is None:
            return known("")

        def cleaned(value: object) -> str:
            path = normpath(from_root(str(value)) or ".")
            return "" if path == "." else path

        value = self.text(said.value, scope)
        if any(from_root(str(each)).startswith(("/", "..", "~")) for each in value.options):
            return unknown(f"the folder {said.value} lies outside of the checkout")
        return lift(cleaned, value)

    def text(self, text: str, scope: Scope) -> Value:
        """A text with its expressions filled in."""
        if "${{" not in text:
            return known(text)
        return interpolate(text, lambda path: self.lookup(path, scope))

    def output(self, text: str, scope: Scope) -> Value:
        """What an output is to whoever asks for it: a text, whatever its expression gives."""
        return lift(to_text, self.text(text, scope))

    def env(self, name: str, scope: Scope) -> Value | None:
        """An environment variable of a step: its own, the job's, the workflow's, or the runner's."""
        for level, pairs in enumerate(scope.env):
            if level == 1 and name in scope.run.exports:
                return scope.run.exports[name]
            for pair in pairs:
                if pair.name == name:
                    if "${{" not in pair.value:
                        return known(pair.value)
                    return lift(to_text, self.text(pair.value, scope.outside(level + 1)))
        if name in scope.run.exports:
            return scope.run.exports[name]
        if name == "GITHUB_WORKSPACE":
            return known(WORKSPACE)
        if name in _OF_EVENT:
            return self.github((name.removeprefix("GITHUB_").lower(),))
        if name.startswith(("GITHUB_", "RUNNER_")):
            return unknown(f"`${name}` is known when it runs")
        return known("true") if name == "CI" else None

    def lookup(self, path: tuple[str, ...], scope: Scope) -> Value:
        """What a context holds at a path."""
        head, rest = path[0], path[1:]
        if head == "github":
            return known(WORKSPACE) if rest == ("workspace",) else self.github(rest)
        if head == "inputs" and len(rest) == 1:
            if scope.inputs is not None:
                return scope.inputs.get(rest[0])
            return self.github((_OF_RUN, rest[0]))
        if head == "env" and len(rest) == 1:
            return self.env(_spelt(rest[0], scope), scope) or known(None)
        if head == "matrix" and rest:
            self.varies = True
            return _matrix(scope.run, rest)
        if head in ("needs", "jobs", "after") and len(rest) >= 2:
            return self.needs(rest)
        if head == "steps" and len(rest) == 3 and rest[1] == "outputs":
            return _output(scope.run, rest[0], rest[2])
        if head == "job" or head == "strategy":
            self.varies = True
            return unknown(f"`{'.'.join(path)}` is known when it runs")
        if head in ("secrets", "vars"):
            if self.named is not None and len(path) == 2:
                self.named.add(path[1])
            return unknown(f"`{'.'.join(path)}` is set on GitHub")
        return unknown(f"`{'.'.join(path)}` is known when it runs")

    def needs(self, path: tuple[str, ...]) -> Value:
        """`needs.<path>`."""
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
            if run.outputs is not None:
                return run.outputs.get(path[2], known(None))
            pair = next((each for each in job.outputs if each.name.lower() == path[2]), None)
            if pair is None:
                return (
                    known(None) if not job.uses else unknown(f"the workflow that {job.id} calls decides it")
                )
            return self.output(pair.value, self.of_job(run))
        return unknown(f"`needs.{'.'.join(path)}` is known when it runs")


def _spelt(name: str, scope: Scope) -> str:
    """A variable's name as it is written where it is set last, for one in lower case."""
    spelt = name.upper()
    for pairs in scope.env:
        for pair in pairs:
            if pair.name.lower() == name:
                spelt = pair.name
    for each in scope.run.exports:
        if each.lower() == name:
            spelt = each
    return spelt


def _matrix(run: JobRun, path: tuple[str, ...]) -> Value:
    job, name = run.job, ".".join(path)
    if run.combination is not None:
        found = run.combination.get(name)
        if found is not None:
            return known(found)
        inner = any(each.startswith(f"{name}.") for each in run.combination)
        return unknown(f"`matrix.{name}` is no text") if inner else known(None)
    if job.matrix_is_open:
        return unknown("the matrix is made when it runs")
    axes = [each for each in job.matrix if each.name.lower() == path[0]]
    rows = [dict(cell) for axis in axes for cell in axis.cells] + [dict(row) for row in job.matrix_include]
    values = [row[name] for row in rows if name in row]
    if not values or any(axis.open for axis in axes):
        return unknown(f"`matrix.{name}` is made when it runs")
    return one_of(values, "the matrix has too many combinations to follow each")


def _output(run: JobRun, step: str, name: str) -> Value:
    outputs = run.steps.get(step, {})
    if outputs is None:
        return unknown(f"the output `{name}` of the step `{step}` is known when it runs")
    found = next((value for key, value in outputs.items() if key.lower() == name), None)
    if found is not None:
        return found
    if step in run.skipped:
        return known("")
    return unknown(f"the output `{name}` of the step `{step}` is set nowhere that can be read")


def told(trigger: Trigger, occasion: Occasion, path: tuple[str, ...]) -> Value:
    """What an occasion says: `github.<path>`, or an input of the run by hand."""
    if path[:1] != (_OF_RUN,):
        return github(trigger, occasion, path)
    return dispatched(trigger, path[1]) if occasion.event == "workflow_dispatch" else known(None)


class Handed:
    """Inputs as they are handed over: what `with` gives, else the default, in the type that is declared.

    Each is made when it is asked for: what nobody asks for makes no difference between two occasions.
    """

    __slots__ = ("_context", "_declared", "_given", "_made", "_scope")

    def __init__(
        self, pairs: tuple[Pair, ...], declared: tuple[Input, ...], context: Contexts, scope: Scope
    ) -> None:
        self._given = {each.name.lower(): each.value for each in pairs}
        self._declared = {each.name.lower(): each for each in declared}
        self._context, self._scope = context, scope
        self._made: Outputs = {}
        for name, text in self._given.items():
            if "env." in text:  # what is set meanwhile is not handed over
                self.get(name)

    def get(self, name: str) -> Value:
        """The input of that name, in lower case; null where there is none."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Value:
        declared, text = self._declared.get(name), self._given.get(name)
        if text is not None:
            outer, self._context.named = self._context.named, None
            value = self._context.text(text, self._scope)
            self._context.named = outer
        elif declared:
            value = known(declared.default if declared.default is not None else "")
        else:
            return known(None)
        if declared is None:
            return value
        kind = declared.kind
        return lift(lambda each: _typed(to_text(each), kind), value)


def _typed(text: str, kind: str) -> str | int | float | bool:
    if kind == "boolean":
        return text.lower() == "true"
    return number(text) if kind == "number" else text

"""What a workflow says: plain values, each with the place where it is written."""

from __future__ import annotations

from functools import cached_property

from runcrew_lint.documents.schema import Problem
from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.mentions import Mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Text(NamedTuple):
    """A scalar as text, with its place; true and 1 are the texts that GitHub makes of them."""

    value: str
    span: Span


class Pair(NamedTuple):
    """A name and its text, as in `env` and `with`; `span` is the value's."""

    name: str
    name_span: Span
    value: str
    span: Span


class Filter(NamedTuple):
    """One of `branches`, `branches-ignore`, `tags`, `tags-ignore`, `paths`, `paths-ignore`."""

    kind: str
    span: Span
    patterns: tuple[Text, ...]


class Input(NamedTuple):
    """One input of workflow_dispatch or workflow_call; `default` is None where there is none."""

    name: str
    span: Span
    kind: str
    default: str | None
    options: tuple[str, ...]
    required: bool


@frozen
class Trigger:
    """One event under `on`; `span` is where it is named. `types` is None where the default counts.

    `inputs`, `outputs` and `secrets` (of workflow_call) are those that it declares, `workflows` those
    that workflow_run waits for.
    """

    event: str
    span: Span
    filters: tuple[Filter, ...] = ()
    types: tuple[Text, ...] | None = None
    crons: tuple[Text, ...] = ()
    inputs: tuple[Input, ...] = ()
    workflows: tuple[Text, ...] = ()
    outputs: tuple[Pair, ...] = ()
    secrets: tuple[Input, ...] = ()

    def filter(self, kind: str) -> Filter | None:
        """The filter of that kind."""
        return next((each for each in self.filters if each.kind == kind), None)


@frozen
class Run:
    """A `run` script.

    `statements` is None where no command that the delivery map knows is mentioned: then the script is
    not parsed. Spans in them are the file's own. `script` is the text the runner gets.
    """

    span: Span
    script: str
    mentions: Mentions
    statements: tuple[Statement, ...] | None


@frozen
class Step:
    """One step; `span` is its head: its first key.

    `hides_inputs` says that an expression gives all of `with`.
    """

    span: Span
    index: int
    id: str
    name: Text | None
    condition: Text | None
    uses: Text | None
    run: Run | None
    inputs: tuple[Pair, ...]
    env: tuple[Pair, ...]
    working_directory: Text | None
    shell: Text | None
    continue_on_error: Text | None
    hides_inputs: bool = False

    def input(self, name: str) -> Pair | None:
        """What `with` gives for an input; names don't mind case."""
        return next((each for each in self.inputs if each.name.lower() == name.lower()), None)


Cell = tuple[tuple[str, str], ...]  # what one item of a matrix sets: dotted names and their texts


class Axis(NamedTuple):
    """One key of a matrix with its items; a mapping among them sets `name.key` for each of its keys.

    `open` says that there may be others: the list is an expression, or an item is a list.
    """

    name: str
    span: Span
    cells: tuple[Cell, ...]
    open: bool


class Concurrency(NamedTuple):
    """What runs in one group waits for each other; `span` is the key, `cancel` is `cancel-in-progress`."""

    span: Span
    group: Text | None
    cancel: Text | None


class Container(NamedTuple):
    """A job's container, whose name is "", or one of its services; `span` is its key."""

    name: str
    span: Span
    image: Text | None
    username: Text | None
    password: Text | None


@frozen
class Job:
    """One job; `span` is its id. A job with `uses` calls a reusable workflow and has no steps.

    `matrix` are its axes, `matrix_include` and `matrix_exclude` the rows beside them; `matrix_is_open`
    says that the whole or `include` is an expression. `secrets` are those that a called workflow is
    given, `inherit` the word by which it gets them all.
    """

    id: str
    span: Span
    name: Text | None
    needs: tuple[Text, ...]
    condition: Text | None
    uses: Text | None
    inputs: tuple[Pair, ...]
    environment: Text | None
    env: tuple[Pair, ...]
    outputs: tuple[Pair, ...]
    permissions: tuple[Pair, ...] | None
    timeout: Text | None
    working_directory: Text | None
    shell: Text | None
    matrix: tuple[Axis, ...]
    matrix_include: tuple[Cell, ...]
    matrix_exclude: tuple[Cell, ...]
    matrix_is_open: bool
    continue_on_error: Text | None
    services: tuple[str, ...]
    containers: tuple[Container, ...]
    runs_on: tuple[Text, ...]
    concurrency: Concurrency | None
    secrets: tuple[Pair, ...]
    inherit: Text | None
    steps: tuple[Step, ...]

    @cached_property
    def checkouts(self) -> tuple[Step, ...]:
        """The steps that check a repository out."""
        used = ((each, each.uses.value.lower()) for each in self.steps if each.uses)
        return tuple(each for each, action in used if action.startswith("actions/checkout@"))


@frozen
class LocalAction:
    """A composite action of the repository that a step uses, as far as the delivery map follows it.

    `directory` is what `uses` names, without `./`; `statements` and places are those of its own file,
    `path`.
    """

    directory: str
    path: str
    inputs: tuple[Input, ...]
    outputs: tuple[Pair, ...]
    steps: tuple[Step, ...]


@frozen
class WorkflowProblems:
    """What GitHub would refuse in one workflow file, and what it passes over without a word."""

    path: str
    problems: tuple[Problem, ...]


@frozen
class Workflow:
    """One workflow file, with the composite actions and shell scripts of the repository that it runs."""

    path: str
    name: Text | None
    triggers: tuple[Trigger, ...]
    env: tuple[Pair, ...]
    permissions: tuple[Pair, ...] | None
    working_directory: Text | None
    shell: Text | None
    concurrency: Concurrency | None
    jobs: tuple[Job, ...]
    actions: tuple[LocalAction, ...]
    shell_scripts: tuple[ShellScript, ...]

    def trigger(self, event: str) -> Trigger | None:
        """The trigger of that event."""
        return next((each for each in self.triggers if each.event == event), None)

    def job(self, name: str) -> Job | None:
        """The job of that id; ids don't mind case."""
        return next((each for each in self.jobs if each.id.lower() == name.lower()), None)

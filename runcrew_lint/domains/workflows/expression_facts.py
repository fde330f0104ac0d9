"""What the expressions of a workflow or an action say, and the scripts that they are written into."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.documents.schema import Problem
from runcrew_lint.domains.workflows.facts import Pair
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Quoting(StrEnum):
    """How the shell reads the place where an expression's text lands."""

    BARE = "bare"
    DOUBLE = "double quotes"
    SINGLE = "single quotes"
    DOCUMENT = "here-document"
    OTHER = "other"  # a comment, a quoted here-document, or where the script does not parse


class Hole(NamedTuple):
    """One `${{ }}` in a script; `text` is its inside, `span` takes in the braces.

    `names` are the contexts whose values may become its own: lower-case paths joined by dots, in which `*`
    is what is computed.
    """

    text: str
    span: Span
    names: tuple[str, ...]
    quoting: Quoting


class Reread(NamedTuple):
    """A variable that an expression fills and a script reads once more.

    Arguments:
        how: what reads it: `eval`, `sh -c`, `GITHUB_ENV`, where a line break begins the next variable, or
            `GITHUB_PATH`, of which each line is a folder of programs.
        text: what fills it; `names` as for a hole.
        split: whether a filter on the way makes lines of one.
    """

    job: str
    variable: str
    how: str
    text: str
    span: Span
    names: tuple[str, ...]
    split: bool = False


class Exposure(NamedTuple):
    """A secret where others may see it: `kind` says how, `text` which."""

    kind: str
    text: str
    span: Span


@frozen
class Script:
    """A script with expressions in it.

    Arguments:
        job: the job's id; "" in an action.
        step: where its step begins; `key` is the key that holds the script.
        language: `shell`, `powershell`, `javascript` or "" where that is not known.
        env: the variables of step, job and workflow, the nearest first.
        remote: whether it runs on another machine, which has no variables of this one.
    """

    job: str
    step: Span
    key: Span
    language: str
    holes: tuple[Hole, ...]
    env: tuple[Pair, ...]
    remote: bool = False


class Condition(NamedTuple):
    """An `if` that says something else than it seems to.

    `was` is what is written, `instead` what to write, where that is exact.
    """

    span: Span
    kind: str
    message: str
    was: str = ""
    instead: str = ""


class Command(NamedTuple):
    """A workflow command that GitHub has replaced; `was` and `instead` where it can be rewritten exactly."""

    name: str
    span: Span
    was: str = ""
    instead: str = ""


class Flow(NamedTuple):
    """A name that a workflow fills: `sources` are the contexts that its value is made of, as the job `where`
    has them. `job` is where the name holds, "" for all.
    """

    job: str
    name: str
    sources: tuple[str, ...]
    where: str


@frozen
class Expressions:
    """The expressions of one workflow, or of one action.

    `problems` is what GitHub refuses or leaves empty; `events` are the workflow's triggers, `bounded` the
    inputs that are no free text; `flows` are the outputs and matrices that expressions fill, `rereads` the
    variables that scripts read twice.
    """

    path: str
    is_action: bool
    events: tuple[str, ...]
    bounded: tuple[str, ...]
    problems: tuple[Problem, ...]
    conditions: tuple[Condition, ...]
    scripts: tuple[Script, ...]
    exposures: tuple[Exposure, ...]
    commands: tuple[Command, ...]
    flows: tuple[Flow, ...] = ()
    rereads: tuple[Reread, ...] = ()

"""What is known of env files and of what keeps them out of git. No value of a variable is in a fact."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


@frozen
class Variable:
    """A variable that an env file names.

    Arguments:
        is_set: whether it has a value there, if only a sample.
        is_placeholder: whether the value asks to be replaced.
        is_development: whether the value says itself that it protects nothing.
    """

    name: str
    span: Span
    is_set: bool
    is_placeholder: bool = False
    is_development: bool = False


class Flaw(NamedTuple):
    """One thing that readers of an env file understand differently.

    `text` is what should stand there instead, where that is certain; `other` an earlier place it rests on.
    """

    kind: str
    name: str
    span: Span
    text: str | None = None
    other: Span | None = None


@frozen
class EnvFile:
    """One env file, an example or a real one; `values` are the places of what it sets."""

    path: str
    variables: tuple[Variable, ...]
    values: tuple[Span, ...]
    flaws: tuple[Flaw, ...] = ()


@frozen
class IgnorePattern:
    """One line of a .gitignore; `text` is the pattern without the `!` that `is_negated` stands for."""

    text: str
    is_negated: bool
    span: Span


@frozen
class IgnoreFile:
    """A .gitignore, its patterns in order: the last that matches counts."""

    path: str
    patterns: tuple[IgnorePattern, ...]


@frozen
class EnvLoading:
    """Where a program or a compose file reads an env file: its path as written, or `.env`."""

    path: str
    file: str
    span: Span


class Way(StrEnum):
    """What reads a variable, or gives it its value."""

    PYTHON = "Python"
    SCRIPT = "JavaScript"
    SHELL = "shell"
    COMPOSE = "compose"
    WORKFLOW = "workflow"
    IMAGE = "Dockerfile"
    EAS = "EAS"
    MANIFEST = "manifest"
    GRADLE = "Gradle"
    RUBY = "Ruby"
    TERRAFORM = "Terraform"


class Read(NamedTuple):
    """One place that reads a variable.

    Arguments:
        is_open: nothing stands in where it is not set.
        is_required: the program fails when it starts where it is not set.
    """

    name: str
    span: Span
    way: Way
    is_open: bool
    is_required: bool = False


class Given(NamedTuple):
    """One place that gives a variable its value; `environment` is the one it is given in, or ""."""

    name: str
    span: Span
    way: Way
    environment: str


@frozen
class EnvUse:
    """The variables that one file reads and gives.

    `dynamic` are places where a name is made when the program runs, or where all variables are gone through.
    """

    path: str
    reads: tuple[Read, ...]
    given: tuple[Given, ...]
    dynamic: tuple[Span, ...] = ()

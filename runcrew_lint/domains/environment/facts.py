"""What is known of env files and of what keeps them out of git. No value of a variable is in a fact."""

from __future__ import annotations

from dataclasses import dataclass

from runcrew_lint.text import Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that an env file names; `is_set` says that it has a value there, if only a sample."""

    name: str
    span: Span
    is_set: bool


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One env file, an example or a real one; `values` are the places of what it sets."""

    path: str
    variables: tuple[Variable, ...]
    values: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """One line of a .gitignore; `text` is the pattern without the `!` that `is_negated` stands for."""

    text: str
    is_negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """A .gitignore, its patterns in order: the last that matches counts."""

    path: str
    patterns: tuple[IgnorePattern, ...]


@dataclass(frozen=True, slots=True)
class EnvLoading:
    """Where a program or a compose file reads an env file: its path as written, or `.env`."""

    path: str
    file: str
    span: Span

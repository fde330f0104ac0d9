"""Lifts the names out of an env file."""

from __future__ import annotations

from runcrew_lint.documents import env
from runcrew_lint.domains.environment.facts import EnvFile, Variable
from runcrew_lint.domains.environment.flaws import flaws
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.secrets import shape
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_NAME = lazily(r"(?=.{1,40}\Z)[A-Z]{2,}(?:_[A-Z0-9]+)*\Z")


def read(source: Source, _reading: Reading) -> EnvFile:
    """The file's variables; it may have none."""
    # What has no `=` is a name only if it reads as one: a secret pasted on a line of its own has none either.
    assignments = [
        each
        for each in source.derive(env.parse).assignments
        if each.value is not None or _NAME.match(each.name)
    ]
    return EnvFile(
        source.path,
        tuple(_variable(each) for each in assignments),
        tuple(each.span for each in assignments if each.value),
        tuple(flaws(source, assignments)),
    )


def _variable(each: env.Assignment) -> Variable:
    value = each.value or ""
    return Variable(
        each.name,
        each.name_span,
        is_set=bool(value),
        is_placeholder=bool(value) and (shape.is_placeholder(value) or shape.is_reference(value)),
        is_development=bool(value) and shape.is_development(value) and not shape.random(value),
    )

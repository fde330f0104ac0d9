"""Lifts the names out of an env file."""

from __future__ import annotations

from runcrew_lint.documents import env
from runcrew_lint.domains.environment.facts import EnvFile, Variable
from runcrew_lint.domains.fact import Reading
from runcrew_lint.text import Source


def read(source: Source, _reading: Reading) -> EnvFile:
    """The file's variables; it may have none."""
    assignments = source.derive(env.parse).assignments
    return EnvFile(
        source.path,
        tuple(Variable(each.name, each.name_span, bool(each.value)) for each in assignments),
        tuple(each.span for each in assignments if each.value),
    )

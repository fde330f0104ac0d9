"""drop-cascade: a DROP takes along what it does not name."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._cascades import taken_along
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_WORDS = {
    Kind.DROP_TABLE: "DROP TABLE",
    Kind.DROP_VIEW: "DROP VIEW",
    Kind.DROP_COLUMN: "DROP COLUMN",
    Kind.DROP_CONSTRAINT: "DROP CONSTRAINT",
    Kind.DROP_TYPE: "DROP TYPE",
    Kind.DROP_SEQUENCE: "DROP SEQUENCE",
    Kind.DROP_FUNCTION: "DROP FUNCTION",
    Kind.DROP_EXTENSION: "DROP EXTENSION",
}
_SHOWN = 4


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CASCADE that takes, or may take, more than the thing that is named.

    DROP SCHEMA is drop-schema's, with or without it.
    """
    for step in judged_steps(repository.derive(history_of), policy, *_WORDS):
        if step.may_be_new_table and step.operation.table.name:
            continue
        along = taken_along(step)
        if along is None:
            continue
        if along:
            said = f"takes along {', '.join(along[:_SHOWN])}{' and more' * (len(along) > _SHOWN)}"
        else:
            said = "takes along whatever hangs on it, and nothing here says what that is"
        yield told(step, f"{_WORDS[step.operation.kind]} ... CASCADE {said}")

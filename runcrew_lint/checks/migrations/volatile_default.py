"""volatile-default: a table is written anew because a default is evaluated for each of its rows."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, constrained_domain, rewriting
from runcrew_lint.domains.migrations.facts import UNREAD, Column
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_ONE_VALUE_SINCE = 11  # release notes of 11: a constant default rewrites nothing


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column whose default is evaluated for each row, or may be.

    A function that is neither PostgreSQL's own nor made in the history as stable or immutable may be
    volatile: that is what a function is unless it says otherwise.
    """
    for step, column in adding(repository, policy):
        default = _default(step, column)
        if default is None or constrained_domain(step, column) is not None:
            continue
        if step.effect.rewrites:
            each = f"PostgreSQL {policy.postgres} writes a default into every row"
            if policy.postgres >= _ONE_VALUE_SINCE:
                each = "evaluated for every row"
            yield rewriting(step, column, f"DEFAULT {default}, {each}")
        elif step.effect.may("rewrite") is not None and default != UNREAD:
            yield rewriting(
                step, column, f"DEFAULT {default}, evaluated for every row unless that function says STABLE"
            )


def _default(step: Step, column: Column) -> str | None:
    """The default of the column or of its domain; None for one that is filled in another way."""
    if column.serial or column.identity or column.generated is not None:
        return None
    state = step.schema.type_of(column.type)
    default = column.default if column.default is not None or state is None else state.default
    return " ".join(default.split()) if default is not None else None

"""A column before its revision and once that has run: what the code of both releases meets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import ColumnState
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

DEPRECATED = lazily(r"\bdeprecated:\s*(\d{4}-\d{2}-\d{2})\b", re.IGNORECASE)


def altered(
    repository: Repository, policy: Policy, kind: Kind
) -> Iterator[tuple[Step, ColumnState | None, ColumnState]]:
    """Each step of that kind on a column that is there before and after its revision's table was.

    With it come the column just before the step, where anything is known of it, and as the revision leaves
    it: what is taken away and put back is not missed.
    """
    for step in judged_steps(repository.derive(history_of), policy, kind):
        table, name = step.operation.table, step.operation.columns[0].name
        after = step.lineage.after(step.migration.revision).column(table, name)
        if not step.may_be_new_table and after is not None:
            yield step, step.schema.column(table, name), after


def is_made_here(step: Step, state: ColumnState | None) -> bool:
    """Whether the column is one of this revision's own."""
    return state is not None and bool(state.made_in) and state.made_in == step.migration.revision


def is_known(state: ColumnState | None, attribute: str) -> bool:
    """Whether an attribute of the column is what its state says."""
    return state is not None and not {"*", attribute} & set(state.column.unknown)


def is_deprecated_here(step: Step, state: ColumnState) -> bool:
    """Whether this revision's own comment says that the column is on its way out."""
    told = DEPRECATED.search(state.column.comment or "")
    return told is not None and state.comment_in == step.migration.revision

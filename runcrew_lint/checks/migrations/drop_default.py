"""drop-default: running code inserts without a value that it has always been given."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._standing import altered, is_known, is_made_here
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP DEFAULT after which an INSERT of the code before it does something else.

    Of a column that the revision adds itself the code before knows nothing: its INSERTs leave the column
    out, which is fine unless the column is NOT NULL. Of a default of its own they know nothing, either.
    """
    for step, before, after in altered(repository, policy, Kind.DROP_DEFAULT):
        if after.column.default is not None or after.column.serial or after.column.identity:
            continue
        if before is not None and is_known(before, "default") and _has_none(before.column.default):
            if not before.column.serial:
                continue
        required = is_known(after, "nullable") and not after.column.nullable
        if (is_made_here(step, before) or _is_given_here(step)) and not required:
            continue
        name = f"{step.operation.table}.{after.column.name}"
        outcome = "fails" if required else "writes NULL"
        yield told(step, f"an INSERT of running code that leaves {name} out {outcome} without its default")


def _is_given_here(step: Step) -> bool:
    """Whether the column had no default before this revision."""
    operation = step.operation
    before = step.lineage.before(step.migration.revision).column(operation.table, operation.columns[0].name)
    return before is not None and is_known(before, "default") and _has_none(before.column.default)


def _has_none(default: str | None) -> bool:
    return default is None or default.strip().lower().split("::")[0] == "null"

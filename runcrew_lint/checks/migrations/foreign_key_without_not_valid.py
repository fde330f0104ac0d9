"""foreign-key-without-not-valid: two tables wait while a foreign key is checked against every row."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._constraints import checked, named
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_NOT_VALID_SINCE = 18  # "ALTER TABLE": NOT VALID foreign keys on partitioned tables
_PARTITIONED = "before 18 a partitioned table takes no NOT VALID: add the key so to each partition, then here"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each foreign key that is added without NOT VALID to a table that others use."""
    for step, constraint, mend in checked(repository, policy, ConstraintKind.FOREIGN_KEY):
        yield told(
            step,
            f"writes to {step.operation.table}{_other(step, constraint)} wait while {named(constraint)} "
            "is checked against every row",
            help=_PARTITIONED if _is_partitioned(step) and policy.postgres < _NOT_VALID_SINCE else "",
            mend=mend,
        )


def _other(step: Step, constraint: Constraint) -> str:
    """The table that is referred to, where others can use it yet."""
    if constraint.references is None:
        return " and the other table"
    if constraint.references.key == step.operation.table.key:
        return ""
    table = step.schema.table(constraint.references)
    is_new = table is not None and table.made_in == step.migration.revision
    return "" if is_new else f" and {constraint.references}"


def _is_partitioned(step: Step) -> bool:
    return step.table is not None and step.table.partitioned

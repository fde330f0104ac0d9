"""enable-row-security: row security is switched on a table that others use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY on a table that others use.

    With a policy of the same revision or an older one it is information: somebody has said who sees what.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TABLE):
        words = step.operation.words
        if not words.endswith("row level security") or step.may_be_new_table:
            continue
        table = step.operation.table
        if not words.startswith(("enable", "force")):
            who = (
                f"the owner of {table}" if words.startswith("no force") else f"everyone who may read {table}"
            )
            yield told(step, f"from this moment {who} sees all of its rows")
        elif _has_policy(step):
            who = "its owner, too," if words.startswith("force") else "everyone"
            fault = told(step, f"from this moment {who} sees of {table} only what its policies let through")
            yield replace(fault, severity=Severity.INFO)
        else:
            who = (
                f"the owner of {table}" if words.startswith("force") else f"whoever has no policy on {table}"
            )
            yield told(step, f"from this moment {who} sees none of its rows")


def _has_policy(step: Step) -> bool:
    lineage, table = step.lineage, step.operation.table
    known = (lineage.by_revision[each] for each in lineage.up_to(step.migration.revision))
    return any(
        each.words == "create policy" and each.table.key == table.key
        for migration in (step.migration, *known)
        for each in migration.upgrade
    )

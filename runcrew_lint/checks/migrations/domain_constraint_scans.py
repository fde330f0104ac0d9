"""domain-constraint-scans: a domain's new rule is checked against every table that uses it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each ALTER DOMAIN that reads the rows of tables that others use.

    Of a domain that an earlier revision made its users are known; of any other nobody knows them.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_DOMAIN):
        operation = step.operation
        adds = operation.words == "add constraint" and any(each.valid for each in operation.constraints)
        if not adds and operation.words != "set not null":
            continue
        read = _read(step)
        if read is not None:
            yield told(step, f"{read}, and writes wait for it")


def _read(step: Step) -> str | None:
    """What is read, in words; None where nothing that others use is."""
    schema, _, name = step.operation.name.rpartition(".")
    domain = Relation(schema, name)
    known = step.schema.type(domain)
    if known is not None and known.made_in == step.migration.revision:
        return None
    users = sorted(
        {
            str(table.name)
            for table, _ in step.schema.users_of(domain)
            if table.made_in != step.migration.revision
        }
    )
    if users:
        return f"every row of {', '.join(users)} is checked for {name}"
    return None if known is not None else f"every row of every table that uses {name} is checked"

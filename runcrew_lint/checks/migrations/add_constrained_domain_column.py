"""add-constrained-domain-column: a table is written anew to try a domain's conditions on its rows."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, constrained_domain, rewriting
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each column of a domain with a CHECK or NOT NULL that comes to a table others use.

    PostgreSQL writes the table anew even if the column has no default (measured on 10 to 18).
    """
    for step, column in adding(repository, policy):
        domain = constrained_domain(step, column)
        if domain is not None and step.effect.rewrites:
            conditions = "a CHECK" if domain.checks else "NOT NULL"
            yield rewriting(
                step, column, f"of the domain {domain.name}, whose {conditions} every row is tried on"
            )

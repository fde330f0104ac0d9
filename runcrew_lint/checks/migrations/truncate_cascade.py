"""truncate-cascade: a table loses its rows, and so does every table that refers to it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_SHOWN = 5


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each table that TRUNCATE ... CASCADE names, with the tables that are known to go along."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.TRUNCATE):
        if not step.operation.cascade or step.may_be_new_table:
            continue
        name = step.operation.table
        along = sorted(str(each) for each in _referring(step.schema, name))
        told_along = f", of {', '.join(along[:_SHOWN])}{' and more' * (len(along) > _SHOWN)}" if along else ""
        yield told(
            step,
            f"TRUNCATE ... CASCADE removes every row of {name}{told_along} and of whatever else refers to it",
        )


def _referring(schema: Schema, table: Relation) -> set[Relation]:
    """Every table whose rows hang on the table's, over any number of foreign keys."""
    found: set[Relation] = set()
    waiting = [table.key]
    while waiting:
        for other, _ in schema.referencing(waiting.pop()):
            if other.name.key not in found and other.name.key != table.key:
                found.add(other.name.key)
                waiting.append(other.name.key)
    return found

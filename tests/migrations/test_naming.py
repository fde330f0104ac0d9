"""Naming conventions, held to what Alembic sends for the same operations."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.naming import may_rename_checks, named
from runcrew_lint.domains.migrations.replay.sent import sent
from tests.migrations.reading import read, source_of

SIMPLE = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
MANY = {
    "ix": "ix__%(column_0_N_label)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0N_name)s_%(referred_column_0_name)s_fkey",
    "pk": "%(table_name)s_%(column_0_N_name)s_is_a_primary_key_with_a_name_that_is_long",
}
STEPS = [
    "op.create_unique_constraint(None, 'runs', ['a', 'b'])",
    "op.create_foreign_key(None, 'runs', 'users', ['a', 'b'], ['x', 'y'])",
    "op.create_primary_key(None, 'runs', ['a', 'b'])",
    "op.create_primary_key('mine', 'runs', ['a', 'b'])",
    "op.create_unique_constraint(None, 'runs', ['a'], schema='s')",
    "op.create_index(None, 'runs', ['a', 'b'])",
    "op.create_index(None, 'runs', ['a'], unique=True, schema='s')",
    "op.create_index('mine', 'runs', ['a'])",
]


@pytest.mark.parametrize("convention", [SIMPLE, MANY])
@pytest.mark.parametrize("step", STEPS)
def test_a_name_is_what_alembic_sends(step: str, convention: dict[str, str]) -> None:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "as_sql": True,
            "output_buffer": buffer,
            "target_metadata": sa.MetaData(naming_convention=convention),
        },
    )
    exec(step, {"op": Operations(context), "sa": sa})
    names = re.findall(r"(?:CONSTRAINT|INDEX) (\w+)", buffer.getvalue())
    (operation,) = read(source_of(step)).upgrade
    made = sent(named(operation, convention))
    found = [made] if operation.kind is Kind.CREATE_INDEX else made.constraints
    assert [each.name for each in found] == names


def test_alembic_takes_no_names_of_a_list_of_metadata() -> None:
    buffer = io.StringIO()
    metadata = [sa.MetaData(naming_convention=SIMPLE)]
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": buffer, "target_metadata": metadata},
    )
    Operations(context).create_unique_constraint(None, "runs", ["a"])
    assert "CONSTRAINT" not in buffer.getvalue()


@pytest.mark.parametrize("pattern", ["", "%(constraint_name)s", "ck_%(table_name)s_%(constraint_name)s"])
def test_a_check_may_get_another_name_than_it_is_given(pattern: str) -> None:
    buffer = io.StringIO()
    convention = {"ck": pattern} if pattern else {}
    metadata = sa.MetaData(naming_convention=convention or None)
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": buffer, "target_metadata": metadata},
    )
    Operations(context).create_check_constraint("fast", "runs", "pace > 0")
    assert ("CONSTRAINT fast " not in buffer.getvalue()) is may_rename_checks(convention)

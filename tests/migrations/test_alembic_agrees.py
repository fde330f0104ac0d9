"""Alembic's own `--sql` output as the oracle: a call and the SQL that it sends are the same operations."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

from runcrew_lint.domains.migrations.facts import UNNAMED, Column, Constraint, Kind, Operation
from runcrew_lint.domains.migrations.statements import read as read_sql
from tests.migrations.reading import bare, read, source_of

CALLS = [
    "op.create_index('ix', 'runs', ['a', 'b'])",
    "op.create_index('IX', 'Runs', [sa.text('lower(a)')], unique=True, schema='log', postgresql_using='gin')",
    "op.create_table('runs', sa.Column('id', sa.Integer), sa.PrimaryKeyConstraint())",
    "op.create_table('runs', sa.Column('id', sa.Integer, primary_key=True), sa.PrimaryKeyConstraint(name='pk'))",
    "op.create_index('ix', 'runs', ['a'], postgresql_concurrently=True, if_not_exists=True, postgresql_include=['c'])",
    "op.drop_index('ix', 'runs', schema='log', if_exists=True, postgresql_concurrently=True)",
    "op.add_column('runs', sa.Column('a', sa.String(20), nullable=False, server_default='x'), schema='log')",
    "op.add_column('runs', sa.Column('a', sa.Numeric(10, 2), server_default=sa.text('1.5')))",
    "op.add_column('runs', sa.Column('a', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))",
    "op.add_column('runs', sa.Column('a', sa.Integer(), sa.Identity()))",
    "op.add_column('runs', sa.Column('a', sa.Integer(), sa.Computed('b * 2', persisted=True)))",
    "op.add_column('runs', sa.Column('a', postgresql.ARRAY(sa.Text())))",
    "op.add_column('runs', sa.Column('a', postgresql.JSONB(), nullable=True, default=dict))",
    "op.add_column('runs', sa.Column('a', sa.Enum('x', name='mood')))",
    "op.add_column('runs', sa.Column('a', sa.Enum('x', native_enum=False)))",
    "op.create_table('t', sa.Column('a', sa.Enum('x', \"y'\", name='m', native_enum=False, create_constraint=True)))",
    "op.create_table('t', sa.Column('a', sa.Boolean(create_constraint=True, name='m')))",
    "op.add_column('runs', sa.Column('a', sa.Boolean(), index=True))",
    "op.add_column('runs', sa.Column('a', sa.Text(), comment='deprecated: 2026-01-01'))",
    "op.drop_column('runs', 'a', schema='log')",
    "op.alter_column('runs', 'a', type_=sa.BigInteger(), nullable=False, server_default=None)",
    "op.alter_column('runs', 'a', server_default='x', comment='c', new_column_name='b')",
    "op.alter_column('runs', 'a', nullable=True, server_default=sa.text('now()'))",
    "op.alter_column('runs', 'a', comment=None)",
    "op.rename_table('a', 'b', schema='log')",
    "op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), sa.Column('u', sa.Uuid()),"
    " sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('u', name='uq'), schema='log')",
    "op.create_table('t', sa.Column('id', sa.BigInteger(), nullable=False),"
    " sa.ForeignKeyConstraint(['id'], ['users.id'], name='fk', ondelete='CASCADE'))",
    "op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True), sa.Column('b', sa.Integer(), primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'), primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.BigInteger(), primary_key=True, autoincrement=False))",
    "op.create_table('t', sa.Column('a', sa.SmallInteger(), primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.Integer(), server_default=sa.text('1'), autoincrement=True, primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.Integer(), server_default=sa.text('1'), primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.Integer(), default=1, autoincrement=True), sa.PrimaryKeyConstraint('a'))",
    "op.create_table('t', sa.Column('a', sa.Integer(), sa.Sequence('s'), primary_key=True))",
    "op.create_table('t', sa.Column('a', sa.Float()), sa.Column('b', sa.LargeBinary()), sa.Column('c', sa.Interval()),"
    " sa.Column('d', sa.SmallInteger()), sa.Column('e', sa.Time()), sa.Column('f', sa.CHAR(3)), sa.Column('g', sa.Date()))",
    "op.create_table('t', sa.Column('a', sa.Integer(), sa.ForeignKey('u.id', name='fa', use_alter=True)),"
    " sa.Column('b', sa.Integer()), sa.ForeignKeyConstraint(['b'], ['u.id'], name='fb', use_alter=True))",
    "op.alter_column('runs', sa.Column('a', sa.Boolean(), nullable=False))",
    "op.drop_table('t', schema='log')",
    "op.create_foreign_key('fk', 'runs', 'users', ['u'], ['id'], ondelete='CASCADE', referent_schema='log')",
    "op.create_unique_constraint('uq', 'runs', ['a', 'b'])",
    "op.create_table('t', sa.Column('a', sa.Integer()), sa.PrimaryKeyConstraint('a'), sa.ForeignKeyConstraint(['a'], ['u.b']))",
    "op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True), sa.ForeignKeyConstraint(['a'], ['u.b'], use_alter=True, name='fk'))",
    "op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True), sa.Column('b', sa.Integer()), sa.ForeignKeyConstraint(['b'], ['u.b']))",
    "op.create_table('t', sa.Column('a', sa.Integer()), sa.UniqueConstraint('a', 'a', name='uq'))",
    "op.add_column('t', sa.Column('a', sa.Boolean(), server_default=sa.sql.False_(), nullable=False))",
    "op.add_column('t', sa.Column('a', sa.Boolean(), server_default=sa.sql.expression.True_()))",
    "op.add_column('t', sa.Column('a', sa.Boolean(), server_default=sa.sql.expression.null()))",
    "op.create_primary_key('pk', 'runs', ['a'])",
    "op.create_check_constraint('ck', 'runs', 'a > 0')",
    "op.drop_constraint('ck', 'runs', type_='check')",
    "op.create_table_comment('runs', 'x')",
    "op.create_index(None, 'runs', ['a'], schema='log')",
    "op.create_index(op.f('ix_' + 'a' * 70), 'runs', ['a'])",
    "op.drop_index(op.f('ix_' + 'a' * 70), 'runs')",
    "op.create_unique_constraint(op.f('uq_' + 'a' * 70), 'runs', ['a'])",
    "op.create_table('t', sa.Column('a', sa.Integer(), index=True), schema='log')",
    "op.add_column('runs', sa.Column('a', sa.JSON(), server_default=sa.func.json('{}')))",
    "op.add_column('runs', sa.Column('a', sa.Text(), server_default=sa.text('  now() ')))",
    "op.create_table('t', sa.Column('a', sa.Integer()), sa.Column('b', sa.Enum('x', name='Mood')),"
    " sa.Column('c', sa.ARRAY(sa.Enum('x', name='user', schema='Log', create_type=False))),"
    " sa.ForeignKeyConstraint(['a'], ['u.id'], 'fk_a'), sa.CheckConstraint('a > 0', 'ck_a'))",
    "op.execute(sa.DDL('ALTER TABLE %(table)s DROP COLUMN \"%(column)s\"', context={'table': 'runs', 'column': 'A'}))",
    "op.execute(sa.DDL('ALTER TABLE runs DROP COLUMN a'))",
    "op.create_table('t', sa.Column('a', sa.Integer()), comment='x')",
    "op.bulk_insert(sa.table('runs', sa.column('a', sa.Integer)), [{'a': 1}])",
    "op.execute(sa.table('runs', sa.column('a', sa.Integer)).update().values(a=1))",
]


def sent(call: str) -> str:
    """The SQL that Alembic sends for a call."""
    buffer = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    )
    exec(call, {"op": Operations(context), "sa": sa, "postgresql": postgresql})
    return buffer.getvalue()


def _comparable(operation: Operation) -> Operation:
    """Without what a call says and SQL does not (a Python default), or says elsewhere."""
    index = operation.index
    columns = (
        () if operation.kind in (Kind.INSERT, Kind.UPDATE) else operation.columns
    )  # Core's own are not read
    return replace(
        bare(operation),
        columns=tuple(map(_column, columns)),
        constraints=tuple(_constraint(each) for each in operation.constraints),
        index=replace(index, keys=tuple(key.strip("()") for key in index.keys)) if index else None,
        # DROP INDEX names no table; a comment's text stands in `name`.
        table=operation.table._replace(name="") if operation.kind.value == "drop index" else operation.table,
        whole=False,
        words="" if operation.words == UNNAMED else operation.words,
        # What a call says of the column or constraint as it is, and no statement does.
        options=tuple(each for each in operation.options if each[0] not in ("type", "existing type")),
    )


def _column(column: Column) -> Column:
    return replace(
        column,
        span=Column("").span,
        python_default=False,
        index=False,
        comment=column.comment,
        generated=(column.generated or "").strip("()") or None,
        primary_key=False,
        references=None,
    )


def _constraint(constraint: Constraint) -> Constraint:
    return replace(constraint, expression=constraint.expression.strip("()"))


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_what_alembic_sends(call: str) -> None:
    migration = read(source_of(call))
    assert not migration.unresolved
    of_call = [_comparable(each) for each in migration.upgrade]
    of_sql = []
    for each in read_sql(sent(call)):
        assert isinstance(each, Operation), sent(call)
        of_sql.append(_comparable(each))
    if "comment=" in call and "add_column" in call:  # the call's column carries it, the SQL's does not
        of_call[0] = replace(of_call[0], columns=tuple(replace(c, comment=None) for c in of_call[0].columns))
    assert of_call == of_sql, sent(call)

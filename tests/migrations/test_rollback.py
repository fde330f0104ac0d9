"""What a downgrade leaves, by name, and what it can't find."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.rollback import absences, differences, undone
from tests.migrations.reading import read, source_of
from tests.migrations.test_history import revision

BASE = """
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE users (id serial PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', age int);
CREATE TABLE runs (id int, user_id int CONSTRAINT fk REFERENCES users);
CREATE INDEX ix ON users (name, age);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
"""


def told(upgrade: str, downgrade: str) -> tuple[list[str], list[str]]:
    """The differences and the absences of a revision that follows BASE."""
    source = source_of(upgrade)
    lines = "\n".join(f"    {line}" for line in downgrade.splitlines())
    migration = read(type(source)(source.path, f"{source.text}\n\ndef downgrade():\n{lines}\n"))
    lineage = Lineage("x", (revision("r1", sql=BASE), migration))
    before, after = lineage.before("r2"), lineage.after("r2")
    left = [str(each) for each in differences(before, undone(after, migration))]
    return left, [f"{each.what} {each.problem}" for each in absences(after, migration)]


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "left"),
    [
        ("op.add_column('users', sa.Column('b', sa.Text()))", "op.drop_column('users', 'b')", []),
        ("op.add_column('users', sa.Column('b', sa.Text()))", "pass", ["column users.b is left"]),
        ("op.create_table('legs', sa.Column('id', sa.Integer()), schema=op.SCHEMA)\n"
         "op.create_index('ix_legs', 'legs', ['id'])\nop.create_check_constraint('ck', 'legs', 'id > 0')",
         "op.drop_index('ix_legs', 'legs')\nop.drop_constraint('ck', 'legs')",
         ["table legs is left"]),
        ("op.add_column('legs', sa.Column('b', sa.Text()), schema=op.SCHEMA)\n"
         "op.create_index('ix_legs', 'legs', ['b'])",
         "op.drop_index('ix_legs', 'legs')", ["column legs.b is left"]),
        ("op.drop_column('users', 'age')",
         "op.add_column('users', sa.Column('age', sa.Integer()))", ["index ix on users is missing"]),
        ("op.drop_column('users', 'age')",
         "op.add_column('users', sa.Column('age', sa.BigInteger(), nullable=False))\n"
         "op.create_index('ix', 'users', ['age', 'name'])",
         ["type of users.age is bigint, was integer", "nullability of users.age is NOT NULL, was nullable",
          "index of ix on users is (age, name), was (name, age)"]),
        ("op.alter_column('users', 'name', type_=sa.Text(), server_default=None)",
         "op.alter_column('users', 'name', type_=sa.String(30))",
         ["type of users.name is character varying(30), was character varying(20)",
          "default of users.name is none, was 'x'"]),
        ("op.alter_column('users', 'name', server_default=None)",
         "op.alter_column('users', 'name', server_default=sa.text(\"'x'::character varying\"))", []),
        ("op.execute('ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')", "pass",
         ["row security of users is on, for the owner, too, was off"]),
        ("op.execute('ALTER TABLE users ENABLE ROW LEVEL SECURITY')",
         "op.execute('ALTER TABLE users FORCE ROW LEVEL SECURITY')\n"
         "op.execute('ALTER TABLE users DISABLE ROW LEVEL SECURITY')", []),
        ("op.execute('ALTER TABLE users FORCE ROW LEVEL SECURITY')",
         "op.execute('ALTER TABLE users ENABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY')",
         ["row security of users is on, was off"]),
        ("op.execute('ALTER TABLE others ENABLE ROW LEVEL SECURITY')", "pass", []),
        ("op.create_table('t', sa.Column('m', sa.Enum('a', name='kind')))", "op.drop_table('t')",
         ["enum kind is left"]),
        ("op.drop_index('ix', 'users')",
         "op.create_index('ix', 'users', ['name', 'age'], postgresql_include=['id'])",
         ["index of ix on users is (name, age) include (id), was (name, age)"]),
        ("op.drop_table('runs')", "pass", ["table runs is missing"]),
        ("op.rename_table('users', 'people')", "op.rename_table('people', 'users')", []),
        ("op.drop_constraint('fk', 'runs')",
         "op.create_foreign_key('fk2', 'runs', 'users', ['user_id'], ['id'])",
         ["name of a constraint of runs is fk2, was fk"]),
        ("op.drop_constraint('fk', 'runs')",
         "op.create_foreign_key('fk', 'runs', 'users', ['user_id'], ['id'], ondelete='CASCADE')",
         ["constraint of runs.fk is (user_id) to users on delete cascade, was (user_id) to users"]),
        ("op.drop_constraint('fk', 'runs')",
         "op.create_foreign_key('fk', 'runs', 'users', ['user_id'], ['id'], postgresql_not_valid=True)", []),
        ("op.execute(\"ALTER TYPE mood ADD VALUE 'ok'\")", "pass", ["enum label mood.ok is left"]),
        ("op.execute('COMMENT ON TABLE users IS NULL')", "op.execute(\"COMMENT ON TABLE users IS 'b'\")", []),
        ("op.execute('DROP FUNCTION f')", "pass", ["function f() is missing"]),
        ("op.execute('CREATE SEQUENCE s')", "pass", ["sequence s is left"]),
        ("op.add_column('unknown', sa.Column('b', sa.Text()))", "op.drop_column('unknown', 'b')", []),
        ("op.add_column('unknown', sa.Column('b', sa.Text()))", "pass", ["column unknown.b is left"]),
        ("op.drop_column('unknown', 'b')", "op.add_column('unknown', sa.Column('b', sa.Text()))", []),
        ("op.drop_table('unknown')", "op.create_table('unknown', sa.Column('b', sa.Text()))", []),
    ],
)  # fmt: skip
def test_differences(upgrade: str, downgrade: str, left: list[str]) -> None:
    assert told(upgrade, downgrade) == (left, [])


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "missing"),
    [
        ("op.drop_table('runs')", "op.drop_table('runs')", ["table runs does not exist"]),
        ("pass", "op.drop_column('users', 'b')", ["column users.b does not exist"]),
        ("pass", "op.add_column('users', sa.Column('age', sa.Text()))", ["column users.age exists already"]),
        ("pass", "op.drop_constraint('fk2', 'runs')", ["constraint fk2 of runs does not exist"]),
        ("pass", "op.drop_index('iy', 'users')", ["index iy of users does not exist"]),
        ("pass", "op.drop_index('iy', 'users', if_exists=True)", []),
        ("pass", "op.drop_index('iy', 'unknown')", []),
        ("pass", "op.create_table('users')", ["table users exists already"]),
        ("op.rename_table('users', 'people')", "op.drop_column('users', 'age')",
         ["table users does not exist"]),
    ],
)  # fmt: skip
def test_absences(upgrade: str, downgrade: str, missing: list[str]) -> None:
    assert told(upgrade, downgrade)[1] == missing

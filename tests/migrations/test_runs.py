"""What runs() skips is what no lock table says anything of."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.locks.predict import predict
from runcrew_lint.domains.migrations.runs import ROWS
from tests.migrations.lock_truth import statements
from tests.migrations.test_locks import replayed

_SCHEMA = replayed(
    "create table parents (id serial primary key)",
    "create table t (id bigserial primary key, parent int references parents (id), at date)",
    "create table parted (id int, at date) partition by range (at)",
    "create table part partition of parted for values from ('2026-01-01') to ('2027-01-01')",
    "create table heir () inherits (t)",
    "create view v as select t.id from t join parents on parents.id = t.parent",
    "create materialized view m as select id from parted",
)


_STATEMENTS = {
    Kind.SELECT: "select * from {0}, parents for update",
    Kind.INSERT: "insert into {0} select nextval('parents_id_seq')",
    Kind.UPDATE: "update {0} set id = 1 from parents",
    Kind.DELETE: "delete from {0} using parents",
}


@pytest.mark.parametrize("major", [10, 12, 14, 16, 18])
@pytest.mark.parametrize("kind", sorted(ROWS))
def test_a_statement_of_rows_lets_nobody_wait_for_a_table(kind: Kind, major: int) -> None:
    for name in ("parents", "t", "parted", "part", "heir", "v", "m", "nobody_knows"):
        (statement,) = statements(_STATEMENTS[kind].format(name))
        assert kind in {each.kind for each in statement} <= ROWS
        locks = predict(statement, _SCHEMA, major).locks
        assert locks
        assert not [mode for mode in locks.values() if mode.blocks_writes]

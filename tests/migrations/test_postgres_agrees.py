"""Our reading of SQL against PostgreSQL's own parser: command, target, actions and what is read agree."""

from __future__ import annotations

from collections import Counter

import pytest

from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.domains.migrations.statements import read
from tests.migrations.postgres_oracle import Said, Untold, ours, theirs
from tests.migrations.statement_sample import statements

STATEMENTS = list(statements())


def _compared() -> dict[str, list[Said]]:
    found = {}
    for sql in STATEMENTS:
        try:
            found[sql] = theirs(sql)
        except Untold:
            continue
    return found


COMPARED = _compared()


def test_we_read_every_statement() -> None:
    for sql in STATEMENTS:
        found = [each for each in read(sql) if isinstance(each, Operation)]
        assert found and len(found) == len(list(read(sql))), sql
        assert [each.part for each in found] == list(range(len(found))), sql


@pytest.mark.parametrize("sql", COMPARED)
def test_postgres_agrees(sql: str) -> None:
    assert ours(sql) == COMPARED[sql]


def test_the_sample_is_compared() -> None:
    """An oracle that had no words for a command would make every comparison of it pass."""
    commands = Counter(each.what for said in COMPARED.values() for each in said)
    assert len(STATEMENTS) >= 700 and len(COMPARED) >= 0.97 * len(STATEMENTS)
    assert len(commands) >= 95
    rare = [what for what in _OFTEN if commands[what] < 4]
    assert not rare


_OFTEN = (
    *("create table", "create index", "create view", "create type", "create domain", "drop table"),
    *("drop view", "drop index", "drop type", "drop sequence", "add column", "drop column"),
    *("alter column type", "set not null", "set default", "add constraint", "drop constraint"),
    *("rename table", "rename column", "set schema", "attach partition", "detach partition"),
    *("alter enum", "alter type", "alter domain", "alter sequence", "select", "insert", "update", "delete"),
)

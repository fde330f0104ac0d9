"""Which columns an INSERT lists and an UPDATE sets."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.migrations.facts import Operation

CASES = {
    "INSERT INTO t (a, b) VALUES (1, 2)": ["a", "b"],
    'INSERT INTO t AS x (a, "B") SELECT 1, 2': ["a", "B"],
    "INSERT INTO t VALUES (1, 2)": [],
    "INSERT INTO t SELECT a, b FROM u": [],
    "INSERT INTO t (SELECT a, b FROM u)": [],
    "INSERT INTO t DEFAULT VALUES": [],
    "INSERT INTO t (a, a) VALUES (1, 2)": ["a", "a"],
    "INSERT INTO t (a[1], b) VALUES (1, 2)": ["b"],
    "UPDATE t SET a = 1, b = 2 WHERE c = 3": ["a", "b"],
    "UPDATE ONLY t AS x SET a = f(1, 2), b = (SELECT 1, 2) FROM u, v": ["a", "b"],
    "UPDATE t SET (a, b) = (1, 2), c = 3 RETURNING d, e": ["a", "b", "c"],
    "UPDATE t SET a.x = 1, a.y = 2, b[1] = 3, b[2] = 4": [],
    "UPDATE t SET a = ARRAY[1, 2], b = 3": ["a", "b"],
    "DELETE FROM t WHERE a = 1": [],
}


@pytest.mark.parametrize("sql", CASES)
def test_columns(sql: str) -> None:
    (found,) = statements.read(sql)
    assert isinstance(found, Operation)
    assert [column.name for column in found.columns] == CASES[sql]

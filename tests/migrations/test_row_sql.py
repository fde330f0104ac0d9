"""A plain statement of rows is recognised without a lexer, and says what the lexer's reading says."""

from __future__ import annotations

import random
import re

import pytest

from runcrew_lint.domains.migrations import row_sql, statements

_PLAIN = [
    "DELETE FROM t",
    "delete from s.t where a = 'x' and b in (1, 2);",
    "\n  UPDATE Users\n  SET Name = 'it', b = coalesce(b, 'y', 1)\n  WHERE id = :id  ;\n",
    "UPDATE t SET a = 1 WHERE a = '' OR b = 'WHERE; -- \"$$[' RETURNING id",
    "INSERT INTO t (a, B) VALUES ('x', 1), ('x', :b) ON CONFLICT (a) DO NOTHING",
    "SELECT count(*), max(id) FROM s.t WHERE a LIKE 'x%' ORDER BY id LIMIT 3",
    "select id from t",
    "UPDATE t SET a = %(a)s WHERE b IS NULL",
]
_NOT_PLAIN = [
    "UPDATE t SET a = 'it''s'",
    "UPDATE t SET a = E'\\n'",
    'UPDATE "t" SET a = 1',
    "UPDATE t x SET a = 1",
    "UPDATE ONLY t SET a = 1",
    "UPDATE t SET a = u.a FROM u",
    "UPDATE t SET a[1] = 2",
    "UPDATE t SET (a, b) = (1, 2)",
    "DELETE FROM t USING u WHERE u.id = t.id",
    "DELETE FROM t -- all\n",
    "DELETE FROM t; DELETE FROM u",
    "DELETE FROM t WHERE id IN (SELECT id FROM u)",
    "INSERT INTO t SELECT * FROM u",
    "INSERT INTO t VALUES (1)",
    "SELECT a INTO b FROM t",
    "SELECT nextval('s') FROM t",
    "SELECT extract(year from a) FROM t",
    "SELECT a FROM t FOR UPDATE",
    "SELECT a FROM t, u",
    "SELECT a FROM generate_series(1, 2)",
    "SELECT 1 FROM current_date",
    "WITH t AS (SELECT 1) SELECT a FROM t",
    "UPDATE t\ue000 SET a = 1",
    "UPDATE t SET a = '\ue000'",
    "SELECT 1",
    "",
]
_PIECES = [
    *("(", ")", " where ", " from ", ",", " set ", "'x'", "''", '"q"', ";", " order by x", "--c\n", "/*c*/"),
    *(
        " only ",
        " as ",
        " select ",
        "$1",
        "E'a'",
        " limit 3",
        " in ",
        " using u ",
        "::text",
        ".",
        "[1]",
        " user ",
    ),
    *(" rows ", " current_date", " into ", " returning id", " for update", "n'a'", " union all ", " on "),
]


@pytest.mark.parametrize("sql", _PLAIN)
def test_a_plain_one_says_what_the_lexer_says(sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = row_sql.plain(sql)
    assert found is not None
    assert [found] == _lexed(sql, monkeypatch)


@pytest.mark.parametrize("sql", _NOT_PLAIN)
def test_what_is_less_plain_is_lexed(sql: str) -> None:
    assert row_sql.plain(sql) is None


def test_broken_ones_say_what_the_lexer_says(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    plain = 0
    for _ in range(4000):
        pieces = re.split(r"(\W)", chance.choice(_PLAIN))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(pieces))
            if chance.random() < 0.5:
                pieces.insert(at, chance.choice(_PIECES))
            elif len(pieces) > 3:
                del pieces[at : at + 2]
        sql = "".join(pieces)
        found = row_sql.plain(sql)
        if found is not None:
            plain += 1
            assert [found] == _lexed(sql, monkeypatch), sql
    assert plain > 300


def _lexed(sql: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    with monkeypatch.context() as patched:
        patched.setattr(row_sql, "plain", lambda sql: None)
        return list(statements.read(sql))

"""The names that the replay picks where the server would, and what it costs to find one that is free."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.replay import indexes, names
from tests.migrations.test_locks import replayed

PARTS = st.builds(
    lambda text, times: text * times, st.text("ab한\N{LATIN SMALL LETTER E WITH ACUTE}"), st.integers(1, 9)
)


@given(PARTS.filter(bool), PARTS, st.sampled_from(["check", "key", "fkey"]), st.integers(0, 120))
def test_each_number_stands_behind_what_is_left_of_the_names(
    first: str, second: str, label: str, start: int
) -> None:
    name = names._numbered(first, second, label)
    for number in range(start, start + 12):
        assert name(number) == names.joined(first, second, f"{label}{number or ''}")


def test_the_least_number_that_is_free_is_taken() -> None:
    """By the table's own constraints, those of others, and what has gone again."""
    schema = replayed(
        "CREATE TABLE o (a int, CONSTRAINT t_a_check1 CHECK (a > 0))",
        "CREATE TABLE t (a int, CHECK (a > 1), CHECK (a > 2), CONSTRAINT t_a_check3 CHECK (a > 3),"
        " CHECK (a > 4))",
        "ALTER TABLE t DROP CONSTRAINT t_a_check2; ALTER TABLE t ADD CHECK (a > 5), ADD CHECK (a > 6)",
    )
    (table,) = (each for _, each in schema.tables.items() if each.name.name == "t")
    found = {name: each.constraint.expression for name, each in table.constraints.items()}
    assert {name: text.strip("()")[-1] for name, text in found.items()} == {
        "t_a_check": "1", "t_a_check2": "5", "t_a_check3": "3", "t_a_check4": "4", "t_a_check5": "6",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "label"), [("CREATE INDEX ON t (a)", "idx"), ("ALTER TABLE t ADD CHECK (a > 1)", "check")]
)
def test_behind_the_first_a_name_is_found_by_halves(
    statement: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 200 is the one that the server would pick, and few are tried for it."""
    tried, numbered = list[str](), names._numbered

    def counted(*of: str) -> Callable[[int], str]:
        name = numbered(*of)
        return lambda number: tried.append(name(number)) or name(number)  # type: ignore[func-returns-value]

    monkeypatch.setattr(names, "_numbered", counted)
    schema = replayed("CREATE TABLE t (a int)", ";".join([statement] * 200))
    ((_, table),) = schema.tables.items()
    wanted = {f"t_a_{label}{number or ''}" for number in range(200)}
    assert {*table.indexes, *table.constraints} == wanted
    assert len(tried) < 200 * 40


def test_parts_of_indexes_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three partitions of a table get parts of two indexes, and of no third."""
    monkeypatch.setattr(indexes, "_MOST_PARTS", 5)
    schema = replayed(
        "CREATE TABLE t (a int, b int, c int, d int) PARTITION BY LIST (a)",
        *(f"CREATE TABLE t{at} PARTITION OF t FOR VALUES IN ({at})" for at in range(3)),
        *(f"CREATE INDEX ON t ({column})" for column in "bcd"),
        "CREATE TABLE t3 PARTITION OF t FOR VALUES IN (3)",
    )
    found = {table.name.name: len(table.indexes) for _, table in schema.tables.items()}
    assert found == {"t": 3, "t0": 2, "t1": 2, "t2": 2, "t3": 0}

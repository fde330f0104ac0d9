"""The names that the replay picks where the server would, and what it costs to find one that is free."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.replay import names
from tests.migrations.test_locks import replayed

PARTS = st.builds(
    lambda text, times: text * times, st.text("ab한\N{LATIN SMALL LETTER E WITH ACUTE}"), st.integers(1, 9)
)


@given(PARTS.filter(bool), PARTS, st.sampled_from(["check", "key", "fkey"]), st.integers(0, 120))
def test_each_number_stands_behind_what_is_left_of_the_names(
    first: str, second: str, label: str, start: int
) -> None:
    wanted = [names.joined(first, second, f"{label}{number or ''}") for number in range(start, start + 12)]
    assert list(islice(names._numbered(first, second, label, start), 12)) == wanted


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


def test_each_name_is_tried_once_while_a_table_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, numbered = list[str](), names._numbered

    def counted(*of: Any) -> Iterator[str]:
        for name in numbered(*of):
            tried.append(name)
            yield name

    monkeypatch.setattr(names, "_numbered", counted)
    replayed("CREATE TABLE t (a int, b int, CHECK (a > 1), CHECK (b > 2), CHECK (a > 3), CHECK (a > 4))")
    assert tried == ["t_a_check", "t_b_check", "t_a_check1", "t_a_check2"]

"""The table of docs/fixes.md has a row for every fix that is proved, and its counts add up."""

from __future__ import annotations

import json

from tests.proof.claims import CLAIMS
from tests.tools.write_proofs import COUNTS, ROW, TABLE, name_of, written


def test_every_fix_has_its_row() -> None:
    rows = list(ROW.finditer(TABLE.read_text()))
    assert sorted(map(name_of, rows)) == sorted(CLAIMS)
    for each in rows:
        drawn, proved, refused = (int(each[what]) for what in COUNTS)
        assert each["rule"] == each["page"] and drawn == proved + refused and proved >= refused, each[0]


def test_counts_are_added_up() -> None:
    row = "| [a-b](rules/a-b.md), moved | {} | {} | {} |\n| all safe ones together | 1 | 1 | 0 |\n"
    reports = [
        {"a-b, moved": {"drawn": 3, "proved": 2, "refused": 1}},
        {"a-b, moved": {"drawn": 2, "proved": 2}},
    ]
    assert written(row.format(9, 9, 0), [json.dumps(each) for each in reports]) == row.format(5, 4, 1)

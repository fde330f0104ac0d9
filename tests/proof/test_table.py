"""The table of docs/fixes.md has a row for every fix that is proved, and its counts add up."""

from __future__ import annotations

import re

from tests.checkout import ROOT
from tests.proof.claims import CLAIMS

_WAY = "moved|kept|left|swapped|unknown"
_NAME = rf"(?:\[([\w-]+)\]\(rules/([\w-]+)\.md\)(, (?:{_WAY}))?|all safe ones together)"
ROW = re.compile(rf"^\| {_NAME} \| (\d+) \| (\d+) \| (\d+) \|$")


def test_every_fix_has_its_row() -> None:
    rows = [found for line in (ROOT / "docs/fixes.md").read_text().splitlines() if (found := ROW.match(line))]
    named = [f"{each[1]}{each[3] or ''}" if each[1] else "all safe ones together" for each in rows]
    assert sorted(named) == sorted(CLAIMS)
    for each in rows:
        drawn, proved, refused = (int(number) for number in each.groups()[3:])
        assert each[1] == each[2] and drawn == proved + refused and proved >= refused, each[0]

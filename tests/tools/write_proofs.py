"""`python -m tests.tools.write_proofs FILE...`: what `make prove` counted, into the table of docs/fixes.md.

A FILE is what RUNCREW_PROOF_REPORT named; the counts of several are added up. The row of a fix that none of
them counted stays as it is.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from tests.checkout import ROOT

TABLE = ROOT / "docs/fixes.md"
COUNTS = ("drawn", "proved", "refused")
ROW = re.compile(
    r"^\| (?P<shown>\[(?P<rule>[\w-]+)\]\(rules/(?P<page>[\w-]+)\.md\)(?P<way>, \w+)?|all safe ones together)"
    r" \| (?P<drawn>\d+) \| (?P<proved>\d+) \| (?P<refused>\d+) \|$",
    re.MULTILINE,
)


def name_of(row: re.Match[str]) -> str:
    """The claim that a row is about."""
    return f"{row['rule']}{row['way'] or ''}" if row["rule"] else row["shown"]


def written(table: str, reports: list[str]) -> str:
    """The table with the counts of some reports."""
    counted: dict[str, Counter[str]] = {}
    for report in reports:
        for name, counts in json.loads(report).items():
            counted.setdefault(name, Counter()).update(counts)

    def row(found: re.Match[str]) -> str:
        counts = counted.get(name_of(found))
        if not counts:
            return found[0]
        return f"| {found['shown']} | {' | '.join(str(counts[what]) for what in COUNTS)} |"

    return ROW.sub(row, table)


if __name__ == "__main__":
    TABLE.write_text(written(TABLE.read_text(), [Path(each).read_text() for each in sys.argv[1:]]))

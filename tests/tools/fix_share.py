"""`make fix-share DIR=...`: how many of the errors in the Alembic revisions of real checkouts carry a fix.

Drops and renames are left out: what is lost or called otherwise has no mend. So are scripts of other tools.
Prints, by rule, what is left and by what it was refused (no mend was asked for, or the one that is named
found no text that it can mend exactly), and how the operation is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Form, Operation
from runcrew_lint.engine import mend
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.model.mend import Fix, MendRequest
from runcrew_lint.text import Place, Source
from tests.migrations.reading import NoReading
from tests.tools.mend_real import checkouts

_LEFT_OUT = ("drop-", "rename-")
_realise = mend.realise


class Judged(NamedTuple):
    """An error, and why it carries no fix; "" where it does."""

    repository: str
    finding: Finding
    refused: str


def judged(folder: Path) -> Iterator[Judged]:
    """The errors in a checkout's migrations."""
    refusals: dict[Place, str] = {}

    def told(request: MendRequest, source: Source) -> Fix | None:
        fix = _realise(request, source)
        if fix is None:
            refusals[request.place] = request.name
        return fix

    mend.realise = told
    try:
        findings = run(Request(folder, policy="runcrew", select=("migrations",))).report.findings
    finally:
        mend.realise = _realise
    by_line = {
        (place.path, _text(folder, place.path).position(place.span.start).line): name
        for place, name in refusals.items()
    }
    for each in findings:
        is_told = each.severity is Severity.ERROR and each.path.endswith(".py")
        if is_told and not each.rule.startswith(_LEFT_OUT):
            asked = by_line.get((each.path, each.line), "not asked for")
            yield Judged(folder.name, each, "" if each.fix else f"{asked}, {_written(folder, each)}")


def _text(folder: Path, path: str) -> Source:
    return Source(path, (folder / path).read_text(encoding="utf-8", errors="replace"))


def _written(folder: Path, finding: Finding) -> str:
    """How the operation of a finding is written."""
    source = _text(folder, finding.path)
    try:
        migration = alembic.read(source, NoReading()) if finding.path.endswith(".py") else None
    except Exception:  # what reads no revision is no operation of one
        migration = None
    operations = (*migration.upgrade, *migration.downgrade) if migration is not None else ()
    at = [each for each in operations if source.position(each.span.start).line == finding.line]
    return _form(at[0]) if at else "no operation"


def _form(operation: Operation) -> str:
    marks = {
        "in a loop": operation.repeats,
        "in a helper": operation.helper,
        "under a condition": bool(operation.conditions),
        "in a batch": operation.form is Form.BATCH,
        "in SQL": operation.form is Form.SQL,
        "with its column": operation.form is Form.INLINE,
    }
    return " ".join(mark for mark, holds in marks.items() if holds) or "as a call"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="checkouts, or folders of them")
    parser.add_argument("--json", type=Path, help="write each error and its reason there")
    given = parser.parse_args()
    errors: list[Judged] = []
    for folder in checkouts(given.folders):
        errors += judged(folder)
    _told(errors)
    if given.json:
        rows = [
            {"repository": each.repository, "rule": each.finding.rule, "path": each.finding.path}
            | {"line": each.finding.line, "refused": each.refused}
            for each in errors
        ]
        given.json.write_text(json.dumps(rows, indent=1))
    return 0


def _told(errors: list[Judged]) -> None:
    rules: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in errors:
        rules[each.finding.rule].append(each)
    fixed = sum(not each.refused for each in errors)
    print(f"{fixed} of {len(errors)} errors carry a fix: {100 * fixed / max(len(errors), 1):.1f} %")
    left = {rule: [each for each in found if each.refused] for rule, found in rules.items()}
    for rule, found in sorted(left.items(), key=lambda pair: -len(pair[1])):
        print(f"{rule}: {len(rules[rule]) - len(found)} of {len(rules[rule])}")
        for reason, count in Counter(each.refused for each in found).most_common():
            where = Counter(each.repository for each in found if each.refused == reason).most_common(3)
            print(f"  {count:4} {reason} ({', '.join(f'{name} {number}' for name, number in where)})")


if __name__ == "__main__":
    sys.exit(main())

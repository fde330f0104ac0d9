"""`make mend-real DIR=...`: makes every fix of real checkouts in memory, and says what that leaves behind.

Nothing is written. The exit status is 1 where a rule speaks more often than before, where a second run would
change something, and where a file differs that no fix names.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from runcrew_lint.engine.fix import Mended, mend
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety

# What is taken out of a file has to be given where it runs: the finding tells where, and no fix could do it.
_ASKED_FOR = "env-unprovided"
_LITERAL = re.compile(r"""['"](\w+)['"]""")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="checkouts, or folders of them")
    parser.add_argument("--policy", default="runcrew")
    parser.add_argument("--select", default="", help="only these rules or families")
    parser.add_argument("--safe", action="store_true", help="the safe fixes alone")
    given = parser.parse_args()
    select = tuple(given.select.split(",")) if given.select else ()
    wrong = 0
    for folder in checkouts(given.folders):
        request = Request(folder, policy=given.policy, select=select)
        mended = mend(request, unsafe=not given.safe, held=True)
        complaints = list(judged(mended, unsafe=not given.safe))
        print(f"{folder.name}: {len(mended.fixes)} fixes in {len(mended.contents)} files", flush=True)
        for each in complaints:
            print(f"  {each}", flush=True)
        wrong += len(complaints)
    return 1 if wrong else 0


def checkouts(folders: list[Path]) -> Iterator[Path]:
    """The folders themselves where they are checkouts, else those in them."""
    for folder in folders:
        inner = sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
        yield from [folder] if (folder / ".git").exists() or not inner else inner


def judged(mended: Mended, *, unsafe: bool) -> Iterator[str]:
    """What is wrong with what came of the fixes.

    A finding that is elsewhere now, as one on the newest revision, is no new one: its rule counts no more.
    """
    before, after = mended.before.report.findings, mended.outcome.report.findings
    more = Counter(each.rule for each in after) - Counter(each.rule for each in before)
    if any(fix.title.startswith("takes ") for fix in mended.fixes):
        del more[_ASKED_FOR]
    places = Counter((each.rule, each.path) for each in before)
    kept = _kept(mended)
    for each in after:
        key = each.rule, each.path
        if each.rule in more and not places[key] and not any(f".{name} " in each.message for name in kept):
            yield f"new: {each.path}:{each.line}: {each.rule}: {each.message}"
        places[key] -= bool(places[key])
    for each in after:
        if each.fix and (unsafe or each.fix.safety is Safety.SAFE):
            yield f"left: {each.path}:{each.line}: {each.rule}: {each.fix.title}"
    named = {path for fix in mended.fixes for path in fix.paths}
    for path in sorted(mended.contents.keys() - named):
        yield f"touched: {path}, which no fix names"


def _kept(mended: Mended) -> frozenset[str]:
    """The columns whose drop becomes a deprecation: rules that are silent of what goes tell of what stays."""
    texts = [edit.text for fix in mended.fixes if fix.title.startswith("deprecates ") for edit in fix.edits]
    named = [_LITERAL.findall(text) for text in texts]
    return frozenset(names[1] for names in named if len(names) > 1)


if __name__ == "__main__":
    sys.exit(main())

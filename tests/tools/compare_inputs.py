"""`make compare-inputs PEER=... DIR=...`: the inputs of a specialist's own tests, asked of it and of us.

A rule of theirs is shared where tests/tools/compare_inputs.yaml says which of ours asks the same; where ours
asks more, `says` is what of its messages answers. A disagreement is explained by the reason that stands there
under the input's name. The exit status is 1 where one is not.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from runcrew_lint.catalogue.build import read
from runcrew_lint.engine.run import Request, run
from tests.tools.peer_findings import said_by
from tests.tools.peer_inputs import INPUTS, Input

DATA = Path(__file__).with_name("compare_inputs.yaml")
POLICY = Path(__file__).with_name("compare_peers.policy.yaml")
_PLACES = {
    "compose-lint": "c{}/docker-compose.yml",
    "hadolint": "c{}/Dockerfile",
    "zizmor": ".github/workflows/c{}.yml",
}


# An auditor is told of all that a person might look at; the question is what is wrong.
_PLAINLY = {"--persona=auditor": "--persona=regular"}


class Shared(NamedTuple):
    """What a rule of a peer's is met with: ours, what answers of their messages, reasons by input."""

    ours: tuple[str, ...]
    says: str
    reasons: dict[str, str]


class Answer(NamedTuple):
    """Who tells of an input; `reason` is why one of the two does not, "" where none is written."""

    asked: Input
    theirs: bool
    ours: bool
    reason: str

    @property
    def agrees(self) -> bool:
        """Whether both tell of it, or neither."""
        return self.theirs == self.ours


def shared_of(peer: str, data: Path = DATA) -> dict[str, Shared]:
    """The rules of a peer that we have too."""
    return {
        rule: Shared(tuple(told["ours"]), told.get("says", ""), told.get("differ") or {})
        for rule, told in read(data)[peer].items()
    }


def answers(peer: str, inputs: Iterable[Input], shared: dict[str, Shared]) -> Iterator[Answer]:
    """Every input of a shared rule: laid out in one repository, told of by both."""
    asked = [each for each in inputs if each.rule in shared]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        places = [_PLACES[peer].format(number) for number in range(len(asked))]
        _lay_out(root, zip(places, (each.text for each in asked), strict=True))
        theirs = {(each.rule, each.path) for each in said_by(peer, root, _PLAINLY)}
        ours = _ours(root)
    for place, each in zip(places, asked, strict=True):
        rule = shared[each.rule]
        tells = any(
            re.search(rule.says, message) for name in rule.ours for message in ours.get((name, place), ())
        )
        they = (each.rule, place) in theirs if each.tells is None else each.tells
        yield Answer(each, they, tells, rule.reasons.get(each.name, ""))


def _lay_out(root: Path, files: Iterable[tuple[str, str]]) -> None:
    for place, text in files:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, "utf-8")
    subprocess.run(["git", "init", "--quiet", "."], cwd=root, check=True)
    subprocess.run(["git", "add", "--all", "."], cwd=root, check=True)


def _ours(root: Path) -> dict[tuple[str, str], list[str]]:
    """Our messages by rule and by each file that they are about."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in run(Request(root, policy=POLICY)).report.findings:
        for path in {each.path, *(related.region.path for related in each.related)}:
            found.setdefault((each.rule, path), []).append(each.message)
    return found


def table(given: Sequence[Answer]) -> Iterator[str]:
    """Agreement by rule, then each disagreement with its reason."""
    rules = Counter(each.asked.rule for each in given)
    agreed = Counter(each.asked.rule for each in given if each.agrees)
    for rule, many in sorted(rules.items()):
        yield f"{rule}: {agreed[rule]} of {many}"
        for each in given:
            if each.asked.rule == rule and not each.agrees:
                who = "they tell" if each.theirs else "we tell"
                yield f"  {each.asked.name}: {who}: {each.reason or 'no reason is written'}"
    yield f"in all: {agreed.total()} of {len(given)} ({100 * agreed.total() / max(len(given), 1):.1f} %)"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=sorted(INPUTS))
    parser.add_argument("checkout", type=Path, help="a checkout of the peer's own repository")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    found = list(answers(given.peer, INPUTS[given.peer](given.checkout), shared_of(given.peer, given.data)))
    print("\n".join(table(found)))
    return 1 if any(not each.agrees and not each.reason for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make compare-inputs PEER=... DIR=...`: the inputs of a specialist's own tests, asked of it and of us.

A rule of theirs is shared where tests/tools/compare_inputs.yaml says which of ours asks the same; where ours
asks more, `says` is what of its messages answers. A disagreement is explained by the reason that stands there
for the input. The exit status is 1 where one has no reason, or a reason no disagreement.

Ours are asked with what compare_peers.policy.yaml switches on, compose files as production's, and Dockerfiles
as what a compose file builds: theirs tell neither GitHub's own tags from others nor a developer's file from a
server's, nor an image that is run from a set of tools.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    "compose-lint": "c{}/docker-compose.prod.yml",
    "hadolint": "c{}/Dockerfile",
    "zizmor": ".github/workflows/c{}.yml",
}


# An auditor is told of all that a person might look at; the question is what is wrong.
_PLAINLY = {"--persona=auditor": "--persona=regular"}


class Reason(NamedTuple):
    """Why one of the two does not tell.

    `kind` is `missed` where we should and do not, `harmless` where nothing is wrong, `policy` where we see it
    and hold it for no fault, or for one where they do not.
    """

    kind: str
    text: str


KINDS = ("missed", "harmless", "policy")


class Shared(NamedTuple):
    """What a rule of a peer's is met with: ours, what answers of their messages, reasons by input."""

    ours: tuple[str, ...]
    says: str
    reasons: dict[str, Reason]


class Answer(NamedTuple):
    """Who tells of an input; `reason` is why one of the two does not, None where none is written."""

    asked: Input
    theirs: bool
    ours: bool
    reason: Reason | None

    @property
    def agrees(self) -> bool:
        """Whether both tell of it, or neither."""
        return self.theirs == self.ours

    @property
    def is_settled(self) -> bool:
        """Whether they agree without a reason, or part with one."""
        return self.agrees == (self.reason is None)


def shared_of(peer: str, data: Path = DATA) -> dict[str, Shared]:
    """The rules of a peer that we have too."""
    return {
        rule: Shared(tuple(told["ours"]), told.get("says", ""), _reasons(told.get("differ") or {}))
        for rule, told in read(data)[peer].items()
    }


def _reasons(differ: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Reason]:
    """The reasons by input, of a list of inputs a reason, and of reasons a kind."""
    return {
        name: Reason(kind, text)
        for kind in KINDS
        for text, names in differ.get(kind, {}).items()
        for name in names
    }


def answers(peer: str, inputs: Iterable[Input], shared: dict[str, Shared]) -> Iterator[Answer]:
    """Every input of a shared rule: laid out in one repository, told of by both."""
    asked = [each for each in inputs if each.rule in shared]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        places = [_PLACES[peer].format(number) for number in range(len(asked))]
        if peer == "hadolint":
            _build_all(root, places)
        _lay_out(root, zip(places, (each.text for each in asked), strict=True))
        theirs = {(each.rule, each.path) for each in said_by(peer, root, _PLAINLY)}
        ours = _ours(root)
    for place, each in zip(places, asked, strict=True):
        rule = shared[each.rule]
        tells = any(
            re.search(rule.says, message) for name in rule.ours for message in ours.get((name, place), ())
        )
        they = (each.rule, place) in theirs if each.tells is None else each.tells
        yield Answer(each, they, tells, rule.reasons.get(each.name))


def _build_all(root: Path, places: Iterable[str]) -> None:
    """A compose file whose services build each Dockerfile."""
    folders = [place.rpartition("/")[0] for place in places]
    services = "".join(f"  {each}:\n    build: ./{each}\n" for each in folders)
    (root / "compose.yaml").write_text(f"services:\n{services}", "utf-8")


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
    """Agreement by rule, then each disagreement with its reason, then all of it in figures."""
    for rule in sorted({each.asked.rule for each in given}):
        of_rule = [each for each in given if each.asked.rule == rule]
        yield f"{rule}: {sum(each.agrees for each in of_rule)} of {len(of_rule)}"
        for each in of_rule:
            if not each.agrees or each.reason:
                yield f"  {each.asked.name}: {_told(each)}"
    told = [each for each in given if each.theirs or each.ours]
    kinds = Counter(each.reason.kind if each.reason else "unexplained" for each in told if not each.agrees)
    yield f"in all: {_share(given)}; of those that one of the two tells of: {_share(told)}"
    yield ", ".join(f"{kinds[kind]} {kind}" for kind in (*KINDS, "unexplained"))


def _told(each: Answer) -> str:
    if each.agrees:
        return "no disagreement any more, and a reason for one"
    who = "they tell" if each.theirs else "we tell"
    why = f"{each.reason.kind}: {each.reason.text}" if each.reason else "no reason is written"
    return f"{who}: {why}"


def _share(given: Sequence[Answer]) -> str:
    agreed = sum(each.agrees for each in given)
    return f"{agreed} of {len(given)} ({100 * agreed / max(len(given), 1):.1f} %)"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=sorted(INPUTS))
    parser.add_argument("checkout", type=Path, help="a checkout of the peer's own repository")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    found = list(answers(given.peer, INPUTS[given.peer](given.checkout), shared_of(given.peer, given.data)))
    print("\n".join(table(found)))
    return 0 if all(each.is_settled for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())

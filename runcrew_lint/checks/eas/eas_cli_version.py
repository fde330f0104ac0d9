"""The eas-cli that eas.json asks for is no range, is too old, or is not the one that CI installs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Written
from runcrew_lint.domains.eas.versions import Range, range_of
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_ACTION = "expo/expo-github-action"
_INSTALLED = lazily(r"\beas-cli@([0-9][\w.+-]*)")


class _Installed(NamedTuple):
    """The version that a workflow installs, and where it says so."""

    version: str
    place: Place


def check(repository: Repository, policy: Policy, *, floor: str = "12.0.0") -> Iterator[Fault]:
    """One fault a file at most; the floor is one team's, so a policy that nobody named sets none."""
    installed = [*_installed(repository)]
    for fact in repository.facts(EasConfig):
        written = fact.at("cli", "version")
        if written is None or not isinstance(written.value, str) or not written.value:
            continue
        asked, least = range_of(written.value), range_of(f">={floor}")
        place = Place(fact.path, written.span)
        if asked is None:
            yield Fault(
                place,
                f"`{written.value}` is no range of versions, and every eas command stops at it",
                help=f"write `>= {floor}`",
                mend=_mend(place, floor) if policy.named else None,
            )
        elif excluded := [each for each in installed if _is_out(asked, each.version)]:
            yield _excluded(place, written, excluded)
        elif policy.named and least and asked.floor and least.floor and asked.floor < least.floor:
            yield Fault(
                place,
                f"`{written.value}` lets eas-cli {'.'.join(map(str, asked.floor))} build, and the "
                "policy's floor is "
                f"{floor}: older ones read this file otherwise",
                help=f"write `>= {floor}`",
                mend=_mend(place, floor),
            )


def _excluded(place: Place, written: Written, excluded: list[_Installed]) -> Fault:
    return Fault(
        place,
        f"`{written.value}` shuts out eas-cli {excluded[0].version}, which CI installs: every build "
        "there stops "
        "before it begins",
        tuple(Related(each.place, f"{each.version} is installed here") for each in excluded[:3]),
        help="install a version that it lets in, or let this one in",
    )


def _mend(place: Place, floor: str) -> MendRequest:
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", f"sets the version to >= {floor}"),
        ("safety", "safe"),
        ("value", f">= {floor}"),
    )
    return MendRequest("json.set_value", place, arguments)


def _is_out(asked: Range, version: str) -> bool:
    """Whether no release that a version or its beginning (`16`, `16.x`) means is asked for."""
    meant = range_of(version)
    if meant is None:
        return False
    for low, high in asked.spans:
        for there, until in meant.spans:
            ends = [end for end in (high, until) if end is not None]
            if not ends or max(low, there) < min(ends):
                return False
    return True


def _installed(repository: Repository) -> Iterator[_Installed]:
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                if step.uses and step.uses.value.partition("@")[0] == _ACTION:
                    given = step.input("eas-version")
                    if given and re.match(r"v?\d", given.value):
                        yield _Installed(given.value, Place(workflow.path, given.span))
                elif step.run:
                    for found in _INSTALLED.finditer(step.run.script):
                        yield _Installed(found[1], Place(workflow.path, step.run.span))

"""sudo-in-image: a build step that calls sudo."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.bases import starts_as_root
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """A fault at the first sudo of each RUN, with the mend for all of them where the step is root anyway."""
    for run in fact.runs:
        found = [each for each in run.commands if each.words[0].text.rpartition("/")[2] == "sudo" and each.at]
        if not found:
            continue
        place = Place(fact.path, found[0].span)
        is_root = _is_root(fact, run)
        yield Fault(
            place,
            "the step is root already, and sudo only adds a program that fails without a terminal"
            if is_root
            else "sudo in a build leaves a user in the image that becomes root without a password, so "
            "whoever breaks into the process owns the container",
            help="drop `sudo`"
            if is_root
            else "write `USER root` before the step and the user again behind it",
            mend=_mend(found, place) if is_root else None,
        )


def _is_root(fact: ImageScripts, run: RunScript) -> bool:
    """Whether the step surely runs as root: no USER so far, on a base that is known to start as root."""
    stage, before = fact.image.stages[run.stage], run.number
    while True:
        for each in reversed(stage.instructions[:before]):
            if each.keyword == "USER" and not each.onbuild:
                return bool(each.values) and each.values[0].value in ("root", "0", "0:0", "root:root")
        if stage.base.stage is None:
            return starts_as_root(stage.base.reference.value or "")
        stage = fact.image.stages[stage.base.stage]
        before = len(stage.instructions)


def _mend(found: list[ShellCommand], place: Place) -> MendRequest | None:
    """Drops each `sudo` that stands alone; one with options means something else."""
    if any(each.at != 1 for each in found):
        return None
    edits = tuple((each.words[0].span.start, each.words[0].span.end + 1, "sudo ", "") for each in found)
    told = (("title", "drops sudo"), ("edits", edits), ("safety", "safe"))
    return MendRequest("text.several", place, told)

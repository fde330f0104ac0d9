"""relative-workdir: a WORKDIR that starts from a folder which the file does not name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at the first relative WORKDIR of a stage whose own lines, and whose stages below, name none."""
    for stage in fact.stages:
        if stage.base.stage is not None and _sets(fact.stages[stage.base.stage], fact):
            continue
        folders = [each for each in stage.instructions if each.keyword == "WORKDIR" and not each.onbuild]
        value = folders[0].values[0].value if folders and folders[0].values else None
        if not value or _ABSOLUTE.match(value):
            continue
        yield Fault(
            Place(fact.path, folders[0].span),
            f"`{value}` hangs from whatever folder the base image ends in, so a new base moves the "
            "application without a word",
        )


def _sets(stage: Stage, fact: Image) -> bool:
    if any(each.keyword == "WORKDIR" for each in stage.instructions):
        return True
    return stage.base.stage is not None and _sets(fact.stages[stage.base.stage], fact)

"""relative-workdir: a WORKDIR that starts from a folder which the file does not name."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ABSOLUTE = lazily(r"[/\\]|[A-Za-z]:")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at the first relative WORKDIR of a stage whose own lines, and whose stages below, name none."""
    named: list[bool] = []  # whether the lines of a stage, or of one below it, name a folder
    for stage in fact.stages:
        told = [each for each in stage.instructions if each.keyword == "WORKDIR"]
        below = stage.base.stage is not None and named[stage.base.stage]
        named.append(below or bool(told))
        if below:
            continue
        folders = [each for each in told if not each.onbuild]
        value = folders[0].values[0].value if folders and folders[0].values else None
        if not value or _ABSOLUTE.match(value):
            continue
        yield Fault(
            Place(fact.path, folders[0].span),
            f"`{value}` hangs from whatever folder the base image ends in, so a new base moves the "
            "application without a word",
        )

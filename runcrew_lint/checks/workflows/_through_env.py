"""The way out of a script for an expression: a variable of the step, quoted where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runcrew_lint.domains.workflows.expression_facts import Hole, Quoting, Script
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place

_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")


def through_env(path: str, script: Script, holes: Iterable[Hole]) -> MendRequest | None:
    """The mend that moves expressions out of a script; None where one of them can't be moved exactly."""
    found = tuple(holes)
    if script.remote or not script.step or script.language not in ("shell", "javascript"):
        return None
    if script.language == "shell" and any(each.quoting is Quoting.OTHER for each in found):
        return None
    if any("\n" in each.text for each in found):
        return None
    moved = tuple(
        (each.span.start, each.span.end, each.text, each.quoting.value, _name(each, script)) for each in found
    )
    told = (("holes", moved), ("language", script.language), ("key", script.key.start))
    return MendRequest("workflow.through_environment", Place(path, script.step), told)


def _name(hole: Hole, script: Script) -> str:
    """A name for the variable, such as PULL_REQUEST_TITLE; that of the variable itself for `env.NAME`."""
    path = (hole.names[0] if hole.names else "value").split(".")
    if path[0] == "env" and len(path) == 2 and hole.text.lower() == f"env.{path[1]}":
        for pair in script.env:
            if pair.name.lower() == path[1]:
                return f"={pair.name}"
    words = [each for each in path if each not in ("github", "event", "inputs", "secrets", "outputs", "*")]
    name = _NO_LETTER.sub("_", "_".join(words[-2:])).strip("_").upper() or "VALUE"
    return name if not name[0].isdigit() else f"VALUE_{name}"

"""The way out of a script for an expression: a variable of the step, quoted where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runcrew_lint.domains.workflows.expression_facts import Hole, Quoting, Script
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Span

# Values that are several words on purpose: quoted they would be one.
_SEVERAL = lazily(
    r"arg(?:ument)?s|opt(?:ion)?s|flags|params|files|paths|packages|extra|list|targets|command|cmd",
    re.IGNORECASE,
)
_NO_LETTER = lazily(r"[^A-Za-z0-9]+")


def through_env(path: str, found: Iterable[tuple[Script, Iterable[Hole]]]) -> MendRequest | None:
    """The mend that moves expressions out of scripts; those of a script go together, or stay."""
    steps = []
    for script, holes in found:
        moved = tuple(holes)
        if moved and _can_move(script, moved):
            rows = tuple(
                (each.span.start, each.span.end, each.text, each.quoting.value, _name(each, script))
                for each in moved
            )
            steps.append((script.step.start, script.language, rows))
    if not steps:
        return None
    return MendRequest("workflow.through_environment", Place(path, Span(0, 0)), (("steps", tuple(steps)),))


def _can_move(script: Script, holes: tuple[Hole, ...]) -> bool:
    if script.remote or script.language not in ("shell", "javascript"):
        return False
    if script.language == "shell" and any(each.quoting is Quoting.OTHER for each in holes):
        return False
    if any(each.quoting is Quoting.BARE and _SEVERAL.search(each.text) for each in holes):
        return False
    return not any("\n" in each.text for each in holes)


def _name(hole: Hole, script: Script) -> str:
    """A name for the variable, such as PULL_REQUEST_TITLE; that of the variable itself for `env.NAME`."""
    path = (hole.names[0] if hole.names else "value").split(".")
    if path[0] == "env" and len(path) == 2 and hole.text.lower() == f"env.{path[1]}":
        for pair in script.env:
            if pair.name.lower() == path[1]:
                return f"={pair.name}"
    words = [each for each in path if each not in ("github", "event", "inputs", "secrets", "outputs", "*")]
    if "inputs" in path:
        words = ["input", *words]  # `version` alone may mean something to what the script runs
    name = _NO_LETTER.sub("_", "_".join(words[-2:])).strip("_").upper() or "VALUE"
    return name if not name[0].isdigit() else f"VALUE_{name}"

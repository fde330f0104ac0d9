"""Workflow commands that GitHub has switched off, or is about to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.commands import SWITCH
from runcrew_lint.domains.workflows.expression_facts import Expressions
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_FILES = {
    "set-output": "GITHUB_OUTPUT",
    "save-state": "GITHUB_STATE",
    "set-env": "GITHUB_ENV",
    "add-path": "GITHUB_PATH",
}
_OFF = frozenset(("set-env", "add-path"))
_SHOWN = 3


def check(fact: Expressions, _policy: Policy) -> Iterator[Fault]:
    """One fault a command and file, at its first place."""
    by_name: dict[str, list[Place]] = {}
    for each in fact.commands:
        if each.name == SWITCH:
            yield Fault(
                Place(fact.path, each.span),
                f"{SWITCH} turns `::set-env` and `::add-path` on again: whatever a step prints may set the "
                "variables and programs of those after it",
                help="delete it, and write to `$GITHUB_ENV` and `$GITHUB_PATH`",
            )
            continue
        by_name.setdefault(each.name, []).append(Place(fact.path, each.span))
    for name, places in by_name.items():
        does = (
            "is switched off since November 2020: the step fails"
            if name in _OFF
            else "is deprecated since October 2022: GitHub warns in every run and will take it away"
        )
        more = f" ({len(places) - 1} more so in this file)" if len(places) > 1 else ""
        mendable = [each for each in fact.commands if each.name == name and each.instead]
        first = mendable[0] if mendable else next(each for each in fact.commands if each.name == name)
        place, mend = Place(fact.path, first.span), None
        if first.instead:
            told = (("title", f"writes to ${_FILES[name]}"), ("was", first.was), ("text", first.instead))
            mend = MendRequest("text.replace", place, (*told, ("safety", "safe")))
        yield Fault(
            place,
            f"`::{name}` {does}{more}",
            tuple(Related(each, "so it is here") for each in places[:_SHOWN] if each != place),
            help=f"write a line `name=value` to `\"${_FILES[name]}\"`" if name != "add-path"
            else 'write the folder to `"$GITHUB_PATH"`',
            mend=mend,
        )  # fmt: skip

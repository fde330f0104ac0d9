"""A value of eas.json that EAS does not take."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Problem, ProblemKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a value; a number that should stand in quotes and a word in another case are mended."""
    for each in fact.problems:
        if each.kind is ProblemKind.VALUE:
            place = Place(fact.path, each.span)
            message = f"{each.message}; EAS refuses the whole file for it"
            help_ = f"write `{each.meant}`" if each.meant in ("true", "false") else ""
            if each.meant and not help_:
                help_ = f'write `"{each.meant}"`'
            yield Fault(place, message, help=help_, mend=_mend(place, each) if each.meant else None)


def _mend(place: Place, problem: Problem) -> MendRequest:
    value: Plain = {"true": True, "false": False}.get(problem.meant, problem.meant)
    title = f"sets {problem.path[-1]} to {problem.meant}"
    return MendRequest("json.set_value", place, (("title", title), ("safety", "safe"), ("value", value)))

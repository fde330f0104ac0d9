"""A key of eas.json that EAS does not know."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, ProblemKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a key, moved where one place alone takes it."""
    for each in fact.problems:
        if each.kind is not ProblemKind.KEY:
            continue
        place = Place(fact.path, each.span)
        mend, help_ = None, f"write `{each.meant}`" if each.meant else ""
        if each.move:
            into = each.move.path[-1]
            title = f"moves {each.path[-1]} into {into}"
            help_ = f"move it into `{'.'.join(each.move.path)}`"
            arguments = (("title", title), ("safety", "safe"), ("into", into))
            mend = MendRequest("json_members.move_down", place, arguments)
        yield Fault(place, f"{each.message}; EAS refuses the whole file for it", help=help_, mend=mend)

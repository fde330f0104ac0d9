"""A key that stands twice in one object of eas.json."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault at each key that does not count."""
    for path, span, winner in fact.repeated:
        place, name = Place(fact.path, span), ".".join(path)
        yield Fault(
            place,
            f"`{name}` stands here and once more below: the last one wins, and nothing of this one counts",
            (Related(Place(fact.path, winner), "this one counts"),),
            mend=MendRequest(
                "json_members.remove",
                place,
                (("title", f"removes the {path[-1]} that does not count"), ("safety", "unsafe")),
            ),
        )

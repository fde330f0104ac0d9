"""Something that was right once and has aged."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.advice.aged import rows
from runcrew_lint.domains.advice.facts import Aged
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 3


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a row, at the first of its places; the rest of them are counted."""
    known = rows()
    places: dict[str, list[Place]] = {}
    for fact in repository.facts(Aged):
        for hit in fact.hits:
            places.setdefault(hit.id, []).append(Place(fact.path, hit.span))
    for name, (first, *others) in places.items():
        row = known[name]
        more = f" (and {len(others)} more)" if others else ""
        yield Fault(
            first,
            f"{row.says}{more}",
            tuple(Related(place, "and here") for place in others[:_SHOWN]),
            notes=(Note("since", f"{row.ended}, {row.source}"),),
            help=f"take {row.instead}",
        )

"""env-near-miss: two names that differ by one edit, one read and the other set."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.contract import Row, contract_of
from runcrew_lint.domains.environment.facts import Way
from runcrew_lint.domains.environment.files import above, folder_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_SHORTEST = 6  # characters: shorter names are one edit apart by chance
_LONGEST = 100  # characters: longer ones nobody types


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the read of a name that nothing sets, beside one that is set and never read.

    Names that differ in a digit alone are a series.
    """
    contract = repository.derive(contract_of)
    rows = [row for row in contract.rows.values() if _SHORTEST <= len(row.name) <= _LONGEST]
    lonely = [row for row in rows if row.reads and not (row.documented or row.given or row.local)]
    idle = [row for row in rows if contract.is_idle(row) and (row.documented or row.given)]
    by_less: dict[str, list[int]] = {}
    for at, row in enumerate(idle if lonely else ()):
        for less in _less(row.name):
            by_less.setdefault(less, []).append(at)
    for row in lonely:
        alike = {at for less in _less(row.name) for at in by_less.get(less, ())}
        for other in (idle[at] for at in sorted(alike)):
            if is_one_edit(row.name, other.name) and _may_fill(other, row):
                place = _set_at(other)
                if not contract.is_closed(folder_of(place.path)):
                    continue  # what is gone through by a program may be read, whatever its name
                yield Fault(
                    row.reads[0].place,
                    f"{row.name} is read here and set nowhere, while {other.name} is set and never read: "
                    "one of "
                    "them is misspelt, and the program runs without its value",
                    related=(Related(place, f"{other.name} is set here"),),
                    help=f"call both {other.name}, or both {row.name}",
                )


def _less(name: str) -> set[str]:
    """A name and what is left of it without one letter: two that are one edit apart share one of these."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


def _may_fill(other: Row, row: Row) -> bool:
    """Whether what sets one could set the other: compose fills a file from what lies beside or above it."""
    if any(each.read.way is not Way.COMPOSE for each in row.reads):
        return True
    sets = {folder_of(_set_at(other).path)}
    return any(not sets.isdisjoint(above(folder_of(each.path))) for each in row.reads)


def _set_at(row: Row) -> Place:
    if row.documented:
        return Place(row.documented[0].path, row.documented[0].span)
    if row.given:
        return Place(row.given[0].path, row.given[0].given.span)
    return Place(row.local[0], Span(0, 0))


def is_one_edit(one: str, other: str) -> bool:
    """Whether a letter added, left out, replaced, or two that changed places make one name the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
        return swapped or (left[1:] == right[1:] and not (left[0].isdigit() or right[0].isdigit()))
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter and not longer[0].isdigit()

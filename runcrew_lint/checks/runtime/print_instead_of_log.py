"""The API prints where the policy has a log."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.components import Part, components_of
from runcrew_lint.domains.runtime.facts import Printing
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy, *, logger: str = "") -> Iterator[Fault]:
    """Each call in the package that serves; one's own scripts may print."""
    if not logger or not policy.named:
        return
    packages = {
        each.place.path.rpartition("/")[0]
        for each in repository.derive(components_of)
        if each.part is Part.API
    }
    for fact in repository.facts(Printing):
        if not any(not package or fact.path.startswith(f"{package}/") for package in packages):
            continue
        for call in fact.calls:
            says = (
                "prints past the log: the line has no level, no request and no time, and nobody can "
                "search for it"
                if call.name == "print"
                else f"sets up the standard library's log beside {logger}: its lines come out in another form"
            )
            yield Fault(Place(fact.path, call.span), f"`{call.name}` {says}", help=f"log with {logger}")

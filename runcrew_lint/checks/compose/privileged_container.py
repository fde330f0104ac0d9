"""privileged-container: a service that runs without the fence around a container."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_YES = ("true", "t", "1", "yes", "y", "on")  # what compose takes for true, in quotes, too


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `privileged: true`; a warning where no use of it is beyond development and tests."""
    found: dict[Place, bool] = {}
    names: dict[Place, str] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            if service.privileged and (service.privileged.value or "").lower() in _YES:
                place = service.privileged.place
                found[place] = found.get(place, True) and is_at_home(service)
                names[place] = service.name
    for place, at_home in found.items():
        yield Fault(
            place,
            f"{names[place]} has every capability and every device of the host, so whoever breaks into it "
            "has the host",
            severity=Severity.WARNING if at_home else None,
        )

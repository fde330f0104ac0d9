"""port-unquoted: a port mapping that YAML 1.1 reads as one number to the base of sixty."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Source: yaml.org/type/int.html, the sexagesimal form.
_SIXTIES = lazily(r"[1-9]\d*(?::[0-5]?\d)+")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each; only such mappings are read as numbers, so others may do without quotes."""
    found: dict[Place, str] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            for port in service.ports:
                if _SIXTIES.fullmatch(port.written):
                    found[port.place] = port.written
    for place, written in found.items():
        number = 0
        for part in written.split(":"):
            number = number * 60 + int(part[:6])
        told = (("title", "quotes the ports"), ("text", f'"{written}"'), ("was", written))
        yield Fault(
            place,
            f"YAML 1.1 reads {written} as the number {number}, and tools that follow it publish that port; "
            "compose itself reads it as text only in newer versions",
            mend=MendRequest("text.replace", place, (*told, ("safety", "safe"))),
        )

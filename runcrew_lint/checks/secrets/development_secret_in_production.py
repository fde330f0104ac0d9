"""development-secret-in-production: a stand-in where production reads it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at development values and placeholders; in a compose file, compose-secret-literal speaks."""
    yield from faults_of("development-secret-in-production", fact, policy)

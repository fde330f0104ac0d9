"""compose-secret-literal: a compose file holds a secret's value, or production a development one."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at values under names; of a password in an unnamed URL, password-in-url speaks."""
    for fact in repository.facts(SecretUses):
        yield from faults_of("compose-secret-literal", fact, policy)

"""keystore-password: the password of a signing key's store."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults in Gradle's files and wherever a name says that a keystore is opened with it."""
    yield from faults_of("keystore-password", fact, policy)

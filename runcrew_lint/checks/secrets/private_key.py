"""private-key: a private key lies in a file."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at private keys in PEM, with escaped line ends, in base64 or bare; a test's source too."""
    yield from faults_of("private-key", fact, policy)

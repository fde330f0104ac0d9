"""service-account-file: the key file of a Google service account."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at the private keys of such files, in JSON, in a string or in base64."""
    yield from faults_of("service-account-file", fact, policy)

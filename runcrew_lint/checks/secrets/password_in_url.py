"""password-in-url: a URL holds a user's password."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at the passwords of URLs; of those under a name of the policy, secret-in-code speaks."""
    yield from faults_of("password-in-url", fact, policy)

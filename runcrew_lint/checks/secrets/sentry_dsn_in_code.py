"""sentry-dsn-in-code: a Sentry DSN is written out."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at each, where the policy lists one; by its form, under any name."""
    yield from faults_of("sentry-dsn-in-code", fact, policy)

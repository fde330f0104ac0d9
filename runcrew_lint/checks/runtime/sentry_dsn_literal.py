"""A Sentry DSN is written into code."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at each in Python, JavaScript and Dart; elsewhere sentry-dsn-in-code speaks."""
    yield from faults_of("sentry-dsn-literal", fact, policy)

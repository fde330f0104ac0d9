"""kakao-key: a Kakao key is written out."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at values under the policy's names of Kakao, and at keys beside Kakao's own name."""
    yield from faults_of("kakao-key", fact, policy)

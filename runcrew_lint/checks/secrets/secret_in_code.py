"""secret-in-code: a value stands under a secret's name."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at values under names; in a compose file, compose-secret-literal speaks of them.

    Names that say so themselves (`*_PASSWORD`, `*_TOKEN`) are judged under any policy. The names that a
    policy lists are stricter, and that half rests on the list alone: a policy of facts lists none.
    """
    yield from faults_of("secret-in-code", fact, policy)

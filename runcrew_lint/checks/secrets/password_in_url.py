"""password-in-url: a URL holds a user's password."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.facts import Basis, Kind, SecretUses
from runcrew_lint.domains.secrets.said import notes, shown
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at the passwords of URLs; of those under a name of the policy, secret-in-code speaks."""
    for use in fact.uses:
        if use.basis is not Basis.FORM or use.kind not in (Kind.URL_PASSWORD, Kind.DEVELOPMENT):
            continue
        place = Place(fact.path, use.span)
        hurts = (
            "which production uses and anyone can guess"
            if use.kind is Kind.DEVELOPMENT
            else "which everyone has who can read the repository, or a log that prints the URL"
        )
        yield Fault(
            place, f"this URL carries a password ({shown(use)}), {hurts}", notes=notes(use), veiled=(place,)
        )

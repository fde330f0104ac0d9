"""env-example-real-value: an example holds a secret that somebody uses."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.division import uses_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.secrets.said import notes, shown
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """A fault at each value in an example that nobody made up for it."""
    for use in uses_of("env-example-real-value", fact, policy):
        place = Place(fact.path, use.span)
        yield Fault(
            place,
            f"{use.name or 'a line'} of this example has a real value ({shown(use)}), which everyone copies "
            "with the file",
            notes=notes(use),
            mend=MendRequest("env.empty", place, (("name", use.name),)) if use.name else None,
            veiled=(place,),
        )

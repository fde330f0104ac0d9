"""private-key: a private key lies in a file."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.facts import Kind, SecretUses
from runcrew_lint.domains.secrets.said import notes, shown
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at private keys in PEM, with escaped line ends or in base64; a test's source counts too."""
    for use in fact.uses:
        if use.kind is Kind.PRIVATE_KEY:
            place = Place(fact.path, use.span)
            yield Fault(
                place,
                f"{use.evidence} lies here ({shown(use)}): whoever reads the repository can sign and decrypt "
                "as its owner",
                notes=notes(use),
                veiled=(place,),
            )

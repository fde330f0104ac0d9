"""How a report speaks of a value: never more of it than its preview."""

from __future__ import annotations

from runcrew_lint.domains.secrets.facts import Basis, SecretUse
from runcrew_lint.model.finding import Note


def shown(use: SecretUse) -> str:
    """The value as a message may name it."""
    return (
        f"{use.preview}..., fingerprint {use.fingerprint}"
        if use.preview
        else f"fingerprint {use.fingerprint}"
    )


def notes(use: SecretUse) -> tuple[Note, ...]:
    """Why it was judged so: the value, the name, where it stands."""
    why = {
        Basis.POLICY: f"the policy lists {use.rule_name}",
        Basis.NAME: f"a name that ends in {use.rule_name}",
        Basis.FORM: "its form",
    }[use.basis]
    return (Note("judged", f"{use.evidence}; {why}; read as {use.context.value}"),)

"""How a report speaks of a value: never more of it than its preview."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.secrets.facts import Basis, Context, Kind, SecretUse, SecretUses
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.text import Place

_GUESSABLE = (Kind.DEVELOPMENT, Kind.PLACEHOLDER)


def is_of_compose(fact: SecretUses) -> bool:
    """Whether compose-secret-literal speaks of the file's named values; secret-in-code speaks elsewhere."""
    return KINDS["compose"].claims.match(fact.path) is not None


def named_faults(fact: SecretUses) -> Iterator[Fault]:
    """Faults at the values that stand under a name; what only its form gave away is other rules'."""
    for use in fact.uses:
        if use.basis is Basis.FORM or use.kind is Kind.PRIVATE_KEY:
            continue
        place = Place(fact.path, use.span)
        yield Fault(place, _message(use), notes=notes(use), help=_help(use), veiled=(place,))


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


def _message(use: SecretUse) -> str:
    if use.kind is Kind.DEVELOPMENT:
        return (
            f"{use.name} has {use.evidence} where production reads it ({shown(use)}), and anyone can guess it"
        )
    if use.kind is Kind.PLACEHOLDER:
        return f"{use.name} has {use.evidence} where production reads it, which starts as if it were a secret"
    where = {
        Context.TEST: ", in a test, where a made-up value would do",
        Context.DEVELOPMENT: ", in development, where a made-up value would do",
        Context.DOCS: ", in documentation, where a made-up value would do",
        Context.EXAMPLE: ", in an example, which should show an empty value",
    }.get(use.context, "")
    said = f"{use.name} has its value written out ({shown(use)}){where}"
    return f"{said}: everyone who can read the repository has it"


def _help(use: SecretUse) -> str:
    if use.kind in _GUESSABLE:
        return "let production give the value, and leave no default for it here"
    return ""

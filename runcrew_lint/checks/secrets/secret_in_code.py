"""secret-in-code: a value stands under a secret's name."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.facts import Basis, Context, Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.said import notes, shown
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """Faults at values under names.

    Names that say so themselves (`*_PASSWORD`, `*_TOKEN`) are judged under any policy. The names that a
    policy lists are stricter, and that half rests on the list alone: a policy of facts lists none.
    """
    for use in fact.uses:
        if use.basis is Basis.FORM or use.kind is Kind.PRIVATE_KEY:
            continue
        place = Place(fact.path, use.span)
        yield Fault(place, _message(use), notes=notes(use), help=_help(use), veiled=(place,))


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
    if use.kind in (Kind.DEVELOPMENT, Kind.PLACEHOLDER):
        return "let production give the value, and leave no default for it here"
    return ""

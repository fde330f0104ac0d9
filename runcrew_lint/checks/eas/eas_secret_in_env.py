"""A secret stands in eas.json."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Written
from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.secrets.names import snake
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_NAMED = lazily(
    r"EXPO_PUBLIC_(?:\w+_)?(?:SECRET|PASSWORD|PASSWD|PRIVATE|SERVICE_ROLE)(?:_\w+)?", re.IGNORECASE
)
# Vendors' own word for a key that clients are meant to have.
_PUBLISHABLE = lazily(r"(?:pk[._]|sb_publishable_)")
_HELP = "set it with `eas env:set` and a visibility of secret, or keep it on the server"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """What is secret by name or value, and what its name makes public though it says that it is not."""
    secrets = {each.path: each for each in repository.facts(SecretUses)}
    for fact in repository.facts(EasConfig):
        found = secrets.get(fact.path)
        faults = list(faults_of("eas-secret-in-env", found, policy)) if found else []
        yield from faults
        told = [use.span for use in found.uses] if found else []
        for each in fact.written:
            inside = any(each.span.start <= span.start and span.end <= each.span.end for span in told)
            if not inside and _is_exposed(each, policy):
                place = Place(fact.path, each.span)
                yield Fault(
                    place,
                    f"`{each.path[-1]}` says that its value is secret, and EXPO_PUBLIC_ builds it "
                    "into an app that "
                    "anyone can take apart",
                    help=_HELP,
                    veiled=(place,),
                )


def _is_exposed(each: Written, policy: Policy) -> bool:
    name, value = each.path[-1], each.value
    if len(each.path) < 3 or each.path[-2] != "env" or not _NAMED.fullmatch(name):
        return False
    if not isinstance(value, str) or value.startswith("$") or _PUBLISHABLE.match(value):
        return False
    plain = snake(name)
    return not any(
        plain == snake(public) or plain.endswith(f"_{snake(public)}") for public in policy.secrets.public
    )

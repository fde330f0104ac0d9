"""What was looked at in a file and how it was judged, what was cleared told with its reason."""

from __future__ import annotations

from runcrew_lint.domains.secrets.facts import Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.read import looked_at, outermost
from runcrew_lint.domains.secrets.scan import scan
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source, Span


def account(source: Source, policy: Policy) -> SecretUses:
    """Every value of a file under a secret's name or in a secret's form, clean or not, by place.

    The faults are those that `read` tells. A name without a value stands for itself, without a preview and
    a fingerprint.
    """
    seen = scan(source.text, policy.secrets)
    context, found = looked_at(source, seen, policy, clean=True)
    faults = list(outermost(use for use in found if use.kind is not Kind.CLEAN))
    clean = (use for use in found if use.kind is Kind.CLEAN and not _within(use.span, faults))
    told = [*faults, *outermost(clean)]
    named = {(use.name, source.position(use.span.start).line) for use in told}
    for hit in seen.hits:
        line = source.position(hit.start).line
        if (hit.name, line) not in named and not _within(Span(hit.start, hit.end), told):
            told.append(SecretUse(
                hit.name, hit.named.rule_name, Span(hit.start, hit.end), Kind.CLEAN, hit.named.basis, context,
                "no value is written out: a reference, a declaration or a mention", "", "",
            ))  # fmt: skip
            named.add((hit.name, line))
    return SecretUses(source.path, context, tuple(sorted(told, key=lambda use: use.span)))


def _within(span: Span, uses: list[SecretUse]) -> bool:
    return any(span.start < use.span.end and use.span.start < span.end for use in uses)

"""A profile whose `extends` EAS can't follow."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig, SubmitProfile
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault at each `extends` that is wrong, however many profiles come to it."""
    families: tuple[tuple[BuildProfile | SubmitProfile, ...], ...] = (fact.builds, fact.submits)
    for profiles in families:
        broken: dict[Span, list[BuildProfile | SubmitProfile]] = {}
        for each in profiles:
            if each.broken_span:
                broken.setdefault(each.broken_span, []).append(each)
        told: set[str] = set()
        for span, those in broken.items():
            if all(each.name in told for each in those):
                continue  # the same circle, entered elsewhere
            first = those[0]
            told.update(_circle(first.broken), (each.name for each in those))
            yield _fault(fact, span, those, [each.name for each in profiles])


def _circle(reason: str) -> list[str]:
    return reason.partition(": ")[2].split(" -> ") if "cycle" in reason else []


def _fault(
    fact: EasConfig, span: Span, broken: list[BuildProfile | SubmitProfile], names: list[str]
) -> Fault:
    first, rest = broken[0], broken[1:]
    also = f" (and so {', '.join(f'`{each.name}`' for each in rest)} can't either)" if rest else ""
    parent = first.broken.split("`")[1] if "`, which is no" in first.broken else ""
    near = nearest(parent, names) if parent else []
    return Fault(
        Place(fact.path, span),
        f"the profile `{first.name}` can't be resolved{also}: {first.broken}, and EAS builds nothing with it",
        tuple(Related(Place(fact.path, each.span), f"`{each.name}` comes to it, too") for each in rest),
        help=f"did you mean `{near}`?" if near else "",
    )

"""multiple-commands: a CMD, ENTRYPOINT or HEALTHCHECK that a later one of its stage takes the place of."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ONE_EACH = ("CMD", "ENTRYPOINT", "HEALTHCHECK")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at each that never counts; a stage may well take another word than the one it is built on."""
    for stage in fact.stages:
        last: dict[str, Instruction] = {}
        for each in reversed(stage.instructions):
            if each.keyword not in _ONE_EACH or each.onbuild:
                continue
            counts = last.setdefault(each.keyword, each)
            if counts is not each:
                yield Fault(
                    Place(fact.path, each.span),
                    f"this {each.keyword} never counts: the stage has a later one, and the builder keeps only"
                    " that",
                    related=(Related(Place(fact.path, counts.span), "this one counts"),),
                )

"""Conditions as faults, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.expression_facts import Expressions
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place


def faults(fact: Expressions, kind: str) -> Iterator[Fault]:
    """A fault for each condition of one kind."""
    for each in fact.conditions:
        if each.kind != kind:
            continue
        place, mend = Place(fact.path, each.span), None
        if each.instead and each.instead != each.was:
            told = (("title", "says what is meant"), ("was", each.was), ("text", each.instead))
            mend = MendRequest("text.replace", place, (*told, ("safety", "safe")))
        yield Fault(place, each.message, mend=mend)

"""instruction-order: an instruction that stands before any FROM."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_WHOLE = ("dockerfile", "containerfile")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at the first instruction that no stage holds; only ARG may stand before the first FROM.

    A file without any FROM may be a piece that others include, unless it is called Dockerfile.
    """
    if not fact.stages and posixpath.basename(fact.path).lower() not in _WHOLE:
        return
    early = [each for each in fact.preamble if each.keyword != "ARG"]
    if early:
        keyword = f"ONBUILD {early[0].keyword}" if early[0].onbuild else early[0].keyword
        lack = "stands before the first FROM" if fact.stages else "has no FROM before it, nor has the file"
        yield Fault(
            Place(fact.path, early[0].span), f"{keyword} {lack}, and the builder stops: there is no image yet"
        )

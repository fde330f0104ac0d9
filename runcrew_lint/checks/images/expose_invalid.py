"""expose-invalid: an EXPOSE of what is no port of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, number_of

_PORTS = lazily(r"(\d{1,9})(?:-(\d{1,9}))?(?:/(?:tcp|udp|sctp))?", re.IGNORECASE)
_HIGHEST = 65_535


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at each value; one that a variable hides says nothing."""
    for stage in fact.stages:
        for each in stage.instructions:
            for value in each.values if each.keyword == "EXPOSE" else ():
                wrong = _wrong(value.value) if value.value else ""
                if wrong:
                    yield Fault(Place(fact.path, value.span), wrong)


def _wrong(text: str) -> str:
    if ":" in text:
        return (
            f"EXPOSE names a port of the container, and `{text}` maps one of the host, which only "
            "`docker run -p` or compose can do"
        )
    match = _PORTS.fullmatch(text)
    if match is None:
        return f"`{text}` is no port, so the build stops here"
    first, last = number_of(match[1]), number_of(match[2] or match[1])
    if not 0 < first <= _HIGHEST or not 0 < last <= _HIGHEST:
        return f"`{text}` is no port: they go from 1 to {_HIGHEST}"
    return f"`{text}` is no range: it ends before it begins" if last < first else ""

"""version-obsolete: the key `version`, which compose ignores."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.compose_file import ComposeFile
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SWARM = lazily(r"swarm|stack", re.IGNORECASE)


def check(fact: ComposeFile, policy: Policy) -> Iterator[Fault]:
    """A fault at the key; a file for Swarm, whose own loader reads it, says nothing."""
    if fact.version is None or _SWARM.search(fact.path):
        return
    place = Place(fact.path, fact.version)
    yield Fault(
        place,
        "compose ignores `version` and warns of it at every command; what the file may say depends on the "
        "compose that reads it alone",
        mend=MendRequest("yaml.drop_key", place, (("title", "drops `version`"), ("safety", "safe"))),
    )

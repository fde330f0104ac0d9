"""add-instead-of-copy: an ADD of files that a COPY would take as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# What ADD does more: it fetches, clones and unpacks. Source: docs.docker.com/reference/dockerfile, "ADD".
_FETCHES = lazily(r"(?:https?|ftp|git|ssh)://|git@|[\w.-]+@[\w.-]+:|github\.com/|<<")
_UNPACKS = lazily(r"\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+|gz|bz2|xz|zst|lzma|Z)\Z|[*\]?]\Z", re.IGNORECASE)
_MORE = ("checksum", "keep-git-dir", "unpack")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at each ADD of plain files; an archive, an address and an unknown value say nothing."""
    for stage in fact.stages:
        for each in stage.instructions:
            if each.keyword == "ADD" and _is_plain(each):
                place = Place(fact.path, each.span)
                told = (("title", "copies with COPY"), ("keyword", "COPY"))
                yield Fault(
                    place,
                    "ADD also fetches addresses and unpacks archives, so a file that is renamed tomorrow may "
                    "arrive unpacked; COPY does only what is meant here",
                    mend=None if each.onbuild else MendRequest("dockerfile.keyword", place, told),
                )


def _is_plain(add: Instruction) -> bool:
    if any(add.flag(name) for name in _MORE) or add.documents:
        return False
    for value in add.values[:-1]:
        if value.value is None or _FETCHES.match(value.value) or _UNPACKS.search(value.value):
            return False
    return len(add.values) > 1

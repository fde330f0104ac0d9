"""type-char: a new column pads its texts with blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# What fills its column to the last place by its nature: digests, UUIDs, codes of ISO 4217, 3166 and 639.
_FULL = lazily(
    r".*(?:hash|sha\d|md5|digest|checksum|fingerprint).*\((?:32|40|56|64|96|128)\)"
    r"|.*(?:uuid|guid|id) .*\(36\)|.*(?:currency|country|language).*\([23]\)",
    re.IGNORECASE,
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type character; one that is always full is told at info."""
    for new in new_columns(repository, policy):
        base = base_of(new.column.type)
        if base == "character" or base.startswith("character("):
            fault = new.fault(
                f"{new.name} is padded with blanks to its full length, which LIKE sees and = does not"
            )
            full = _FULL.fullmatch(f"{new.column.name} {base}")
            yield replace(fault, severity=Severity.INFO) if full else fault

"""What a name says of an environment: `PROD_SSH_HOST`, `runcrew-staging-cluster`."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from runcrew_lint.patterns import lazily

_TOKEN = lazily(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PRODUCTION = frozenset(("prod", "production", "prd", "live"))
_OTHER = frozenset(
    (
        "staging", "stage", "stg", "development", "dev", "develop", "preview", "qa", "uat",
        "sandbox", "preprod", "nonprod", "test", "tests", "testing", "ci", "e2e", "beta", "demo",
        "local", "canary", "nightly", "perf", "loadtest",
    )
)  # fmt: skip
# What stands beside production's name and says that no user gets it.
_APART = frozenset(("pre", "non", "not", "simulator", "emulator"))
_STAGING = frozenset(("staging", "stage", "stg"))


class Reach(StrEnum):
    """Which environment something concerns, as far as a name tells."""

    PRODUCTION = "production"
    STAGING = "staging"
    OTHER = "other"  # some environment that is not production
    UNSAID = ""


@lru_cache(maxsize=4096)
def tokens_of(name: str) -> frozenset[str]:
    """The words of a name in any case style, lower case."""
    return frozenset(each.lower() for each in _TOKEN.findall(name))


def reach_of(name: str) -> Reach:
    """The environment that a name says; one that says two of them says none.

    `pre-prod`, `non-production` and `production-simulator` are not production.
    """
    tokens = tokens_of(name)
    live = bool(tokens & _PRODUCTION) and not tokens & _APART
    other = bool(tokens & _OTHER) or (bool(tokens & _PRODUCTION) and not live)
    if live == other:
        return Reach.UNSAID
    if live:
        return Reach.PRODUCTION
    return Reach.STAGING if tokens & _STAGING else Reach.OTHER

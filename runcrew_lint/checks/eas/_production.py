"""Which profiles are production's."""

from __future__ import annotations

import re

from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Environment, Policy

# A name that says the profile is production's own, for another shop or another kind of device.
OWN = lazily(r"prod|release|store|\blive\b", re.IGNORECASE)
NAME = "production"  # what `eas build` takes where no profile is named


def production_of(fact: EasConfig, policy: Policy) -> tuple[BuildProfile | None, Environment | None]:
    """The profile that builds production, and the environment of the policy that names it."""
    environment = policy.environment(NAME)
    if environment and environment.eas_profile:
        return fact.build(environment.eas_profile), environment
    return fact.build(NAME), None

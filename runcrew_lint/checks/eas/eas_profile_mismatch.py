"""A resolved value of an EAS profile is not the policy's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from runcrew_lint.checks.eas._setting import setting_of
from runcrew_lint.domains.eas.defaults import Effective
from runcrew_lint.domains.eas.differences import Difference, differences
from runcrew_lint.domains.eas.facts import PLATFORMS, BuildProfile, EasConfig
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.text import Place

_HURTS = {
    "developmentClient": "a development client waits for a bundler, and no other build can load one",
    "distribution": "what is built for a store can't be handed out, and the reverse",
    "simulator": "a simulator's build installs on no phone, and a phone's in no simulator",
    "buildConfiguration": "Debug and Release are different apps to whoever tests them",
    "buildType": "an app-bundle installs on no phone, and the Play Store takes no apk of a new app",
    "channel": "it would receive the updates of another channel",
}
_OTHER = "the build is not what this environment was promised"


def check(fact: EasConfig, policy: Policy) -> Iterator[Fault]:
    """Every key that the policy gives a value, on every platform that it concerns.

    What a profile should be is one team's: a policy that nobody named here asks for none of it.
    """
    if not policy.named:
        return
    for environment in policy.environments:
        profile = fact.build(environment.eas_profile) if environment.eas_profile else None
        if profile is None or profile.broken:
            continue
        for key, wanted in _wishes(environment.eas, ()):
            for each in differences(profile, key, partial(_is, wanted)):
                yield _fault(fact, profile, environment, key, wanted, each)


def _wishes(eas: Mapping[str, Any], prefix: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in eas.items():
        if isinstance(value, Mapping):
            yield from _wishes(value, (*prefix, name))
        else:
            yield (*prefix, name), value


def _fault(
    fact: EasConfig,
    profile: BuildProfile,
    environment: Environment,
    key: tuple[str, ...],
    wanted: Any,
    difference: Difference,
) -> Fault:
    found, name = difference.found, ".".join(key)
    where = "" if key[0] in PLATFORMS else difference.on
    has, how = f"is {_shown(found.value)}", ""
    if found.setting is None:
        has = "is not set"
        how = "" if found.value is None else f", which EAS takes for {_shown(found.value)},"
    related: tuple[Related, ...] = ()
    setting = difference.inherited
    if setting and setting.span:
        there = Place(fact.path, setting.span)
        how = f", inherited from `{setting.profile}`,"
        related = (Related(there, f"`{setting.name}` is inherited from `{setting.profile}`"),)
    return Fault(
        Place(fact.path, difference.span),
        f"`{name}` of the profile `{profile.name}` {has}{where}{how} and the policy says "
        f"{_shown(wanted)} for {environment.name}: {_HURTS.get(key[-1], _OTHER)}",
        related,
        help=f"set `{name}` of `{profile.name}` to {_shown(wanted)}",
        mend=setting_of(fact.path, profile, difference, key, wanted),
    )


def _is(wanted: object, found: Effective) -> bool:
    return type(found.value) is type(wanted) and found.value == wanted


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"

"""A resolved value of an EAS profile is not the policy's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runcrew_lint.domains.eas.defaults import Effective, effective
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
    """Every key that the policy gives a value, on every platform that it concerns."""
    for environment in policy.environments:
        profile = fact.build(environment.eas_profile) if environment.eas_profile else None
        if profile is None or profile.broken:
            continue
        for key, wanted in _wishes(environment.eas, ()):
            yield from _judge(fact, profile, environment, key, wanted)


def _wishes(eas: Mapping[str, Any], prefix: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in eas.items():
        if isinstance(value, Mapping):
            yield from _wishes(value, (*prefix, name))
        else:
            yield (*prefix, name), value


def _judge(
    fact: EasConfig, profile: BuildProfile, environment: Environment, key: tuple[str, ...], wanted: Any
) -> Iterator[Fault]:
    on_platform = key[0] in PLATFORMS
    inner = key[1:] if on_platform else key
    wrong: dict[Effective, list[str]] = {}
    for resolved in profile.platforms:
        if on_platform and resolved.platform != key[0]:
            continue
        found = effective(resolved, inner)
        if found.known and not _same(found.value, wanted):
            wrong.setdefault(found, []).append(resolved.platform)
    for found, platforms in wrong.items():
        name = ".".join(key)
        where = "" if on_platform or len(platforms) == len(PLATFORMS) else f" on {platforms[0]}"
        setting = found.setting
        has, how = f"is {_shown(found.value)}", ""
        if setting is None:
            has = "is not set"
            how = "" if found.value is None else f", which EAS takes for {_shown(found.value)},"
        related: tuple[Related, ...] = ()
        place = Place(fact.path, profile.span)
        if setting and setting.span and setting.profile == profile.name:
            place = Place(fact.path, setting.span)
        elif setting and setting.span:
            there = Place(fact.path, setting.span)
            how = f", inherited from `{setting.profile}`,"
            related = (Related(there, f"`{setting.name}` is inherited from `{setting.profile}`"),)
        yield Fault(
            place,
            f"`{name}` of the profile `{profile.name}` {has}{where}{how} and the policy says "
            f"{_shown(wanted)} for {environment.name}: {_HURTS.get(inner[-1], _OTHER)}",
            related,
            help=f"set `{name}` of `{profile.name}` to {_shown(wanted)}",
        )


def _same(value: object, wanted: object) -> bool:
    return type(value) is type(wanted) and value == wanted


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"

"""The API's address in a resolved EAS profile is missing, or not the policy's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from runcrew_lint.checks.eas._production import OWN, production_of
from runcrew_lint.checks.eas._setting import setting_of
from runcrew_lint.domains.eas.addresses import Address, address, same, shown
from runcrew_lint.domains.eas.defaults import Effective
from runcrew_lint.domains.eas.differences import Difference, differences
from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.text import Place


def check(
    fact: EasConfig, policy: Policy, *, variables: tuple[str, ...] = ("API_BASE_URL",)
) -> Iterator[Fault]:
    """Each variable that a profile of the policy sets; where it sets none of them, the first one.

    An address is one team's: a policy that nobody named here has none to ask for.
    """
    if not policy.named:
        return
    for environment in policy.environments:
        profile = fact.build(environment.eas_profile) if environment.eas_profile else None
        if profile is None or profile.broken or not environment.api_url:
            continue
        present = [name for name in variables if _is_set(profile, name)] or variables[:1]
        for name in present:
            key = ("env", name)
            for each in differences(profile, key, partial(_is_right, environment)):
                yield _fault(fact, policy, profile, environment, key, each)


def _is_set(profile: BuildProfile, name: str) -> bool:
    return any(resolved.get("env", name) for resolved in profile.platforms)


def _is_right(environment: Environment, found: Effective) -> bool:
    if found.value == environment.api_url:
        return True
    has = address(found.value) if isinstance(found.value, str) else None
    wanted = address(environment.api_url)
    return has is not None and wanted is not None and same(has, wanted)


def _fault(
    fact: EasConfig,
    policy: Policy,
    profile: BuildProfile,
    environment: Environment,
    key: tuple[str, ...],
    difference: Difference,
) -> Fault:
    name, wanted, value = key[-1], environment.api_url, difference.found.value
    related: tuple[Related, ...] = ()
    how = difference.on
    setting = difference.inherited
    if setting and setting.span:
        how += f", inherited from `{setting.profile}`,"
        related = (
            Related(Place(fact.path, setting.span), f"`{name}` is inherited from `{setting.profile}`"),
        )
    place = Place(fact.path, difference.span)
    spreads = difference.found.setting is None and _spreads(fact, policy, profile, key)
    mend = None if spreads else setting_of(fact.path, profile, difference, key, wanted)
    help_ = f"set `{name}` of `{profile.name}` to `{wanted}`"
    if difference.found.setting is None:
        hosted = profile.platforms[0].get("environment")
        if hosted is not None:
            return Fault(
                place,
                f"`{name}` of the profile `{profile.name}` is not set here{how}, so whether it is "
                f"`{wanted}` could not be decided: EAS may have it in its own environment `{hosted.value}`",
                help=f"{help_} here, where a review sees it",
                severity=Severity.INFO,
            )
        return Fault(
            place,
            f"`{name}` of the profile `{profile.name}` is not set{how} and the policy says `{wanted}` for "
            f"{environment.name}: the app is built with whatever its code falls back to",
            help=help_,
            mend=mend,
        )
    found = address(value) if isinstance(value, str) else None
    says = f"is `{shown(str(value))}`" if found else "is no http(s) address"
    return Fault(
        place,
        f"`{name}` of the profile `{profile.name}` {says}{how} and the policy says `{wanted}` for "
        f"{environment.name}: {_hurt(found, environment, policy)}",
        related,
        help=help_,
        mend=mend,
    )


def _spreads(fact: EasConfig, policy: Policy, profile: BuildProfile, key: tuple[str, ...]) -> bool:
    """Whether a profile that is not production's and has no address yet would inherit production's."""
    if production_of(fact, policy)[0] is not profile:
        return False
    return any(
        profile.name in each.extends and not any(platform.get(*key) for platform in each.platforms)
        for each in fact.builds
        if not OWN.search(each.name)
    )


def _hurt(found: Address | None, environment: Environment, policy: Policy) -> str:
    """What comes of a wrong address, said for the nearest thing that is wrong with it."""
    wanted = address(environment.api_url)
    if found is None or wanted is None:
        return "EAS hands it on as it is written, and the app can call nothing by it"
    if found.is_self and not wanted.is_self:
        return "on a phone that is the phone itself, and nothing answers there"
    if found.is_near and not wanted.is_near:
        return "it answers in one private network alone"
    if found.host == wanted.host:
        if found.scheme == "http" and wanted.scheme == "https":
            return (
                "iOS and Android refuse plain http, and where they are told not to, anyone reads the tokens"
            )
        return "the host is right and the rest is not, so the requests miss their routes"
    for other in policy.environments:
        there = address(other.api_url) if other.api_url else None
        if other.name != environment.name and there and there.host == found.host:
            return f"that is the server of {other.name}, and the two environments' data mix"
    return "the app talks to a server that is not this environment's"

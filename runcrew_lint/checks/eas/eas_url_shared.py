"""Another profile's app calls production's API."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.eas._production import OWN, production_of
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.eas.addresses import Address, address, same, shown
from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig, Setting
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_API = lazily(
    r"(?:^|_)(?:API|BACKEND|SERVER)(?:_\w+)?_(?:URL|HOST|ENDPOINT|ORIGIN)$|(?:^|_)API(?:URL|_URL)?$"
)


def check(fact: EasConfig, policy: Policy) -> Iterator[Fault]:
    """One fault a profile, at the address it calls; profiles of production's own are left out."""
    production, _ = production_of(fact, policy)
    if production is None:
        return
    for profile in fact.builds:
        if profile.name == production.name or OWN.search(profile.name) or _is_base(fact, profile):
            continue
        shared = next(_shared(production, profile), None)
        if shared:
            ours, theirs = shared
            place = ours.span if ours.span and ours.profile == profile.name else profile.span
            related = (Related(Place(fact.path, theirs.span), "production calls it"),) if theirs.span else ()
            yield Fault(
                Place(fact.path, place),
                f"the profile `{profile.name}` calls `{shown(str(ours.value))}` as `{production.name}` does: "
                "whoever tries the build out works on the data of real users",
                related if ours.span != theirs.span or place == profile.span else (),
            )


def _shared(production: BuildProfile, profile: BuildProfile) -> Iterator[tuple[Setting, Setting]]:
    for theirs, ours in zip(production.platforms, profile.platforms, strict=False):
        if _environment(ours.get("environment")) == "production":
            continue
        for setting in ours.settings:
            if setting.key[0] != "env" or len(setting.key) != 2 or not _API.search(setting.key[1]):
                continue
            if reach_of(setting.key[1]) in (Reach.STAGING, Reach.OTHER):
                continue  # a demo's address, which production's app knows, too
            other = theirs.get(*setting.key)
            left, right = _address(setting), _address(other)
            if other and left and right and same(left, right) and not left.is_near:
                yield setting, other


def _environment(setting: Setting | None) -> object:
    return setting.value if setting else None


def _address(setting: Setting | None) -> Address | None:
    return address(setting.value) if setting and isinstance(setting.value, str) else None


def _is_base(fact: EasConfig, profile: BuildProfile) -> bool:
    """Whether it is there for others to extend: nobody builds it."""
    return any(profile.name in each.extends for each in fact.builds)

"""A setting that is for development reaches the production profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runcrew_lint.checks.eas._production import production_of
from runcrew_lint.domains.eas.facts import PLATFORMS, BuildProfile, EasConfig, Setting
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.text import Place, Span

_WRONG: dict[tuple[str, object], str] = {
    ("developmentClient", True): "a development client waits for a bundler that no user has",
    ("simulator", True): "a simulator's build installs on no phone, and App Store Connect refuses it",
    ("distribution", "internal"): "what is signed for a few devices is no store's",
    ("buildType", "apk"): "the Play Store takes app-bundles",
    ("buildConfiguration", "Debug"): "a Debug build is slow, open to anyone's debugger and refused in review",
}
# Some ship by hand on purpose: an apk on a page of releases, an enterprise's own devices.
_SHIPPED_BY_HAND = ("distribution", "buildType")


def check(fact: EasConfig, policy: Policy) -> Iterator[Fault]:
    """Each setting once, inherited ones too; what the policy gives a value is eas-profile-mismatch's."""
    profile, environment = production_of(fact, policy)
    if profile is None:
        return
    told: set[Span] = set()
    for resolved in profile.platforms:
        for setting in resolved.settings:
            if len(setting.key) > 1 or setting.span is None or setting.span in told:
                continue
            hurts = _WRONG.get((setting.key[0], setting.value))
            if hurts and not _is_policys(environment, setting.key[0]):
                told.add(setting.span)
                yield _fault(fact, profile, setting, hurts)


def _is_policys(environment: Environment | None, name: str) -> bool:
    if environment is None:
        return False
    blocks: list[Mapping[str, Any]] = [environment.eas]
    blocks += [block for each in PLATFORMS if isinstance(block := environment.eas.get(each), Mapping)]
    return any(name in block for block in blocks)


def _fault(fact: EasConfig, profile: BuildProfile, setting: Setting, hurts: str) -> Fault:
    name = setting.key[0]
    is_here = setting.profile == profile.name
    value = str(setting.value).lower() if isinstance(setting.value, bool) else str(setting.value)
    there = Place(fact.path, setting.span or profile.span)
    how = "" if is_here else f", inherited from `{setting.profile}`"
    related = () if is_here else (Related(there, f"`{name}` is inherited from `{setting.profile}`"),)
    key = next((each.key_span for each in fact.written if each.span == setting.span), None)
    arguments = (("title", f"removes {name} from {profile.name}"), ("safety", "unsafe"))
    mend = MendRequest("json_members.remove", Place(fact.path, key), arguments) if is_here and key else None
    by_hand = name in _SHIPPED_BY_HAND and fact.submit(profile.name) is None
    return Fault(
        there if is_here else Place(fact.path, profile.span),
        f"`{name}` is {value} in the production profile `{profile.name}`{how}: {hurts}",
        related,
        help="" if is_here else f"say otherwise in `{profile.name}`, or extend another profile",
        mend=mend,
        severity=Severity.WARNING if by_hand else None,
    )

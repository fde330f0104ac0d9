"""An internal build that no phone can install."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.defaults import effective
from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a profile, where it says what makes it so: the build type, the distribution, its name."""
    parents = {name for each in fact.builds for name in each.extends}
    for profile in fact.builds:
        android = next((each for each in profile.platforms if each.platform == "android"), None)
        if android is None:
            continue
        distribution, kind = effective(android, ("distribution",)), effective(android, ("buildType",))
        if (distribution.value, kind.value) != ("internal", "app-bundle") or not kind.known:
            continue
        if kind.setting and kind.setting.profile in parents - {profile.name} and _told(fact, profile):
            continue
        settings = (kind.setting, distribution.setting)
        own = (each.span for each in settings if each and each.profile == profile.name and each.span)
        span = next(own, profile.span)
        by_gradle = kind.setting is not None and kind.setting.key[0] != "buildType"
        yield _fault(fact, profile, span, by_gradle=by_gradle)


def _told(fact: EasConfig, profile: BuildProfile) -> bool:
    """Whether the profile inherits both values and so is told of at its parent."""
    own = [each for each in fact.written if each.path[:2] == ("build", profile.name)]
    return not any(each.path[-1] in ("distribution", "buildType", "gradleCommand") for each in own)


def _fault(fact: EasConfig, profile: BuildProfile, span: Span, *, by_gradle: bool) -> Fault:
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", "sets android.buildType to apk"),
        ("safety", "unsafe"),
        ("value", "apk"),
        ("path", ("android", "buildType")),
    )
    request = MendRequest("json.insert_member", Place(fact.path, profile.span), arguments)
    return Fault(
        Place(fact.path, span),
        f"the profile `{profile.name}` is handed out internally and builds an app-bundle on Android, "
        "which no phone can install",
        mend=None if by_gradle else request,
    )

"""Where a resolved profile differs from what it should say, and where the profile itself can say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.domains.eas.defaults import Effective, effective
from runcrew_lint.domains.eas.facts import PLATFORMS, BuildProfile, Setting
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Difference(NamedTuple):
    """One value that is not right.

    Arguments:
        found: what counts now.
        platforms: on which it counts, at least one.
        span: where a reader looks for it: the value in this profile, else the profile's key.
        inherited: the setting, where another profile wrote it.
        written: the value's own place, where this profile wrote it.
        path: where this profile can say otherwise and nothing overrides it, from the profile down;
            None where another key decides, such as a gradleCommand.
    """

    found: Effective
    platforms: tuple[str, ...]
    span: Span
    inherited: Setting | None
    written: Span | None
    path: tuple[str, ...] | None

    @property
    def on(self) -> str:
        """` on ios` where the other platform has another value."""
        return "" if len(self.platforms) == len(PLATFORMS) else f" on {self.platforms[0]}"


def differences(
    profile: BuildProfile, key: tuple[str, ...], right: Callable[[Effective], bool]
) -> Iterator[Difference]:
    """Each value that counts for a key somewhere and is known not to be right.

    Arguments:
        key: from the profile down; one that begins with a platform is asked on that platform alone.
        right: whether a value will do.
    """
    platform = key[0] if key[0] in PLATFORMS else ""
    inner = key[1:] if platform else key
    wrong: dict[Effective, list[str]] = {}
    for resolved in profile.platforms:
        if resolved.platform != platform and platform:
            continue
        found = effective(resolved, inner)
        if found.known and not right(found):
            wrong.setdefault(found, []).append(resolved.platform)
    for found, platforms in wrong.items():
        setting = found.setting
        here = setting is not None and setting.profile == profile.name
        # One value for both platforms is overridden by no platform's own.
        shared = len(platforms) == len(PLATFORMS)
        path = key if platform or shared else (platforms[0], *inner)
        decided = setting is None or setting.key == inner
        yield Difference(
            found=found,
            platforms=tuple(platforms),
            span=setting.span if setting and setting.span and here else profile.span,
            inherited=setting if setting and setting.span and not here else None,
            written=setting.span if setting and here and decided else None,
            path=path if decided else None,
        )

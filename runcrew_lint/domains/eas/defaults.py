"""What EAS does with a profile that leaves a key out.

Sources: @expo/eas-json 24.8 (distribution, credentialsSource); the EAS documentation's eas.json
reference and eas-cli's build preparation (an internal build is an apk unless buildType or
gradleCommand says otherwise, a development client is a Debug build, everything else is Release).
"""

from __future__ import annotations

from runcrew_lint.domains.eas.facts import Resolved, Setting, Shape
from runcrew_lint.tuples import NamedTuple


class Effective(NamedTuple):
    """What a key comes to; `setting` is None where nobody wrote it. `value` None is not set at all.

    `known` is false where it depends on what is not read, such as a gradle task of the project's own.
    """

    value: str | int | float | bool | None
    setting: Setting | None
    known: bool = True


def effective(profile: Resolved, key: tuple[str, ...]) -> Effective:
    """The value that counts for a key of a resolved profile."""
    setting = profile.get(*key)
    if setting and setting.shape is not Shape.SCALAR:
        return Effective(None, setting, False)
    if setting:
        return Effective(setting.value, setting if setting.span else None)
    name = ".".join(key)
    if name in ("developmentClient", "simulator", "withoutCredentials", "autoIncrement"):
        return Effective(False, None)
    if name == "buildConfiguration":
        return Effective("Debug" if _is_development(profile) else "Release", None)
    if name == "buildType":
        return _build_type(profile)
    return Effective(None, None)


def _is_development(profile: Resolved) -> bool:
    found = profile.get("developmentClient")
    return found is not None and found.value is True


def _build_type(profile: Resolved) -> Effective:
    gradle = profile.get("gradleCommand")
    if gradle and isinstance(gradle.value, str):
        task = gradle.value.rpartition(":")[2].lower()
        kinds = {"apk": task.startswith("assemble"), "app-bundle": task.startswith("bundle")}
        found = [kind for kind, fits in kinds.items() if fits]
        return Effective(found[0] if found else None, gradle, bool(found))
    if _is_development(profile):
        return Effective("apk", None)
    distribution = profile.get("distribution")
    return Effective("apk" if distribution and distribution.value == "internal" else "app-bundle", None)

"""How EAS resolves a submit profile: key by key along `extends`, each platform for itself."""

from __future__ import annotations

from runcrew_lint.documents.tree import Mapping
from runcrew_lint.domains.eas.facts import PLATFORMS, Resolved, Setting
from runcrew_lint.domains.eas.resolve import Profiles, flattened


def resolve(submits: Profiles, names: tuple[str, ...]) -> tuple[Resolved, ...]:
    """The profile at the head of a chain on every platform; what nobody wrote is not there."""
    return tuple(Resolved(platform, _merged(submits, names, platform)) for platform in PLATFORMS)


def _merged(submits: Profiles, names: tuple[str, ...], platform: str) -> tuple[Setting, ...]:
    values: dict[str, tuple[Setting, ...]] = {}
    for name in reversed(names):
        profile = submits.get(name)
        block = profile.get(platform) if isinstance(profile, Mapping) else None
        if isinstance(block, Mapping):
            for entry in block.effective():
                key = str(entry.key.value)
                values[key] = tuple(flattened((key,), entry.value, name))
    return tuple(setting for settings in values.values() for setting in settings)

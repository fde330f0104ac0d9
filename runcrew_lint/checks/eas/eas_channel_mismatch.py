"""An app with expo-updates that gets no updates, or production's."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.eas._production import OWN, production_of
from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig, Setting
from runcrew_lint.domains.runtime.facts import Manifest
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Each eas.json with the package.json beside it; an app that switches its updates off is left out."""
    manifests = {each.directory: each for each in repository.facts(Manifest) if each.path.endswith(".json")}
    for fact in repository.facts(EasConfig):
        manifest = manifests.get(fact.path.rpartition("/")[0])
        updates = manifest.dependency("expo-updates") if manifest else None
        production, _ = production_of(fact, policy)
        if manifest is None or updates is None or manifest.updates_off or production is None:
            continue
        channel = _channel(production)
        if channel is None and not production.broken:
            yield Fault(
                Place(fact.path, production.span),
                f"the app has expo-updates and its profile `{production.name}` no channel: what is "
                "published with "
                "`eas update` reaches none of these builds",
                (Related(Place(manifest.path, updates.span), "expo-updates is asked for here"),),
            )
        elif channel and channel.value:
            yield from _shared(fact, production, channel)


def _shared(fact: EasConfig, production: BuildProfile, channel: Setting) -> Iterator[Fault]:
    bases = {name for each in fact.builds for name in each.extends}
    for profile in fact.builds:
        if profile.name == production.name or OWN.search(profile.name) or profile.name in bases:
            continue
        other = _channel(profile)
        if other and other.value == channel.value and _environment(profile) != "production":
            here = other.span if other.profile == profile.name and other.span else profile.span
            related: tuple[Related, ...] = ()
            if channel.span and channel.span != here:
                related = (Related(Place(fact.path, channel.span), "production's channel"),)
            yield Fault(
                Place(fact.path, here),
                f"the profile `{profile.name}` listens to `{channel.value}` as `{production.name}` "
                "does: an update "
                "that is tried out on it is everybody's at once",
                related,
                help=f"give `{profile.name}` a channel of its own",
            )


def _channel(profile: BuildProfile) -> Setting | None:
    return next((found for each in profile.platforms if (found := each.get("channel"))), None)


def _environment(profile: BuildProfile) -> object:
    found = next((found for each in profile.platforms if (found := each.get("environment"))), None)
    return found.value if found else None

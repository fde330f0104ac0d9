"""A profile that the policy requires is not in eas.json."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SUGGESTED = 3  # of more profiles than that, none is likelier than another


def check(fact: EasConfig, policy: Policy) -> Iterator[Fault]:
    """One fault a file, with every profile that is missing."""
    wanted = {each.eas_profile: each.name for each in policy.environments if each.eas_profile}
    missing = [name for name in wanted if fact.build(name) is None]
    if not missing:
        return
    names, environments = _listed(missing), _listed([wanted[name] for name in missing], quote="")
    others = [each.name for each in fact.builds if each.name not in wanted]
    aside = f"; if {_listed(others, 'or')} is meant, rename it" if 0 < len(others) <= _SUGGESTED else ""
    yield Fault(
        Place(fact.path, fact.build_span),
        f"the build {'profile' if len(missing) == 1 else 'profiles'} {names} that the policy requires "
        f"{'is' if len(missing) == 1 else 'are'} not here, so nothing can be built for {environments}",
        help=f"add {names} under `build` with the values that the policy gives{aside}",
    )


def _listed(names: list[str], last: str = "and", quote: str = "`") -> str:
    shown = [f"{quote}{name}{quote}" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}"

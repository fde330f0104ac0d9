"""An identifier of a submit profile that the stores can't take."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.eas.submissions import refusals
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """Each value once, in the profile that writes it; what only waits to be filled in is a warning."""
    told: set[Span] = set()
    refused = {each.path[1] for each in fact.problems if each.path[:1] == ("submit",) and len(each.path) > 1}
    for profile in fact.submits:
        if profile.name in refused:
            continue  # EAS does not come so far as to look at the values
        for resolved in profile.platforms:
            for setting, says, is_placeholder in refusals(resolved):
                if setting.span is None or setting.span in told:
                    continue
                told.add(setting.span)
                yield Fault(
                    Place(fact.path, setting.span),
                    f"`{setting.name}` of the submit profile `{profile.name}` {says}: the build ends well, "
                    "and `eas submit` after it fails",
                    severity=Severity.WARNING if is_placeholder else None,
                )

"""A variable of a build profile that waits for somebody to put another one in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Setting
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span

_REFERENCE = lazily(r"\$\{[A-Za-z_]\w*(?::-[^}]*)?\}|\$\{\{.*?\}\}|(?<![\w$\\])\$[A-Z_][A-Z0-9_]*\b")


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """Each value once, in the profile that writes it."""
    told: set[Span] = set()
    for profile in fact.builds:
        for resolved in profile.platforms:
            for setting in resolved.settings:
                if setting.key[0] != "env" or setting.span is None or setting.span in told:
                    continue
                reference = _reference(setting)
                if reference:
                    told.add(setting.span)
                    yield Fault(
                        Place(fact.path, setting.span),
                        f"`{setting.key[-1]}` of the profile `{setting.profile}` holds `{reference}`, which "
                        "EAS hands on as it is written: the app gets the characters, not the value",
                    )


def _reference(setting: Setting) -> str:
    value = setting.value
    if not isinstance(value, str):
        return ""
    if found := _REFERENCE.search(value):
        return found.group()
    # Another host's way of naming a secret; a handle such as @team is none.
    named = re.sub(r"[\W_]", "", setting.key[-1]).lower()
    is_named = value.startswith("@") and re.sub(r"[\W_]", "", value).lower() in (named, f"{named}secret")
    return value if is_named else ""

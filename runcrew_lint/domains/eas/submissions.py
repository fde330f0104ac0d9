"""What `eas submit` refuses in a resolved submit profile that read well (@expo/eas-json 24.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import Resolved, Setting
from runcrew_lint.domains.eas.shapes import matching
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

# EAS puts the environment's value in place of `$NAME` in these, before it looks at them.
EXPANDED = ("serviceAccountKeyPath", "ascApiKeyPath", "ascApiKeyIssuerId", "ascApiKeyId")
# What templates and documentation leave for a person to fill in.
_PLACEHOLDER = lazily(
    r"\.{2,}|…|x{3,}|<.*>|(?:.*[\W_])?(?:your|my|insert|replace|change|todo|tbd|fixme|placeholder|example|here)"
    r"(?:[\W_].*)?|.*@(?:[\w-]+\.)*example\.(?:com|org|net)|.*(?:your|example)[\w.-]*@.*|path[/_-]to[/_-].*|1234567890",
    re.IGNORECASE,
)
_FILLED = lazily(r"\{\{.*\}\}")  # what a program fills in makes the file a template of its own
_UUID = lazily(
    r"([\[{(]?)[0-9a-f]{8}([:-]?)[0-9a-f]{4}\2?[0-9a-f]{4}\2?[0-9a-f]{4}\2?[0-9a-f]{12}([\]})]?)",
    re.IGNORECASE,
)
_CLOSING = {"{": "}", "[": "]", "(": ")", "": ""}
_EMAIL = lazily(r"[^\s@]{1,64}@(?:[^\s@.]{1,63}\.)+[^\s@.\d][^\s@.]{1,62}")


class Refusal(NamedTuple):
    """A setting that is refused; `is_placeholder` where nobody has filled it in yet."""

    setting: Setting
    message: str
    is_placeholder: bool


def refusals(resolved: Resolved) -> Iterator[Refusal]:
    """The settings of one submit profile on one platform that a submission would fail on."""
    for setting in resolved.settings:
        name = setting.key[0]
        if len(setting.key) > 1 or not isinstance(setting.value, str) or name not in _FORMS:
            continue
        if (name in EXPANDED and "$" in setting.value) or _FILLED.fullmatch(setting.value):
            continue
        fits, what = _FORMS[name]
        if _PLACEHOLDER.fullmatch(setting.value):
            yield Refusal(setting, f"is `{setting.value}`, which nobody has filled in yet", True)
        elif setting.value.startswith("$"):
            # What an environment holds is put in elsewhere, so whoever wrote this takes it for filled in.
            expanded = ", ".join(f"`{each}`" for each in EXPANDED)
            says = f"is `{setting.value}` as it stands, for EAS fills in {expanded} alone"
            yield Refusal(setting, says, False)
        elif not fits(setting.value):
            yield Refusal(setting, f"is no {what}", False)
    yield from _rollout(resolved)


def _rollout(resolved: Resolved) -> Iterator[Refusal]:
    """EAS asks for rollout and releaseStatus together once more when the parents have been merged in."""
    rollout, status = resolved.get("rollout"), resolved.get("releaseStatus")
    staged = status is not None and status.value == "inProgress"
    if rollout and not staged:
        yield Refusal(rollout, "stays from a parent, and the release is not in progress any more", False)
    elif status and staged and not rollout:
        yield Refusal(status, "is `inProgress` and no `rollout` comes with it", False)


def is_uuid(text: str) -> bool:
    """Whether Joi takes it for a UUID."""
    found = _UUID.fullmatch(text)
    return found is not None and _CLOSING[found[1]] == found[3]


_FORMS = {
    "ascApiKeyId": (matching(r"[\dA-Z]{1,30}"), "key ID of App Store Connect (capitals and digits)"),
    "ascApiKeyIssuerId": (is_uuid, "issuer ID of App Store Connect (a UUID)"),
    "appleId": (lambda text: _EMAIL.fullmatch(text) is not None, "email address"),
    "ascAppId": (matching(r"\d{1,30}"), "app ID of App Store Connect (digits alone)"),
    "appleTeamId": (matching(r"[\dA-Z]{10}"), "Apple team ID (10 capitals and digits)"),
}

"""The request that gives a profile a value, where it is written or where it belongs."""

from __future__ import annotations

from runcrew_lint.domains.eas.differences import Difference
from runcrew_lint.domains.eas.facts import BuildProfile
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place


def setting_of(
    path: str, profile: BuildProfile, difference: Difference, key: tuple[str, ...], value: object
) -> MendRequest | None:
    """What --fix makes of a difference; None where another key decides, or the value is a collection."""
    if difference.path is None or not isinstance(value, str | int | float | bool):
        return None
    shown = str(value).lower() if isinstance(value, bool) else value
    arguments = (("title", f"sets {'.'.join(key)} to {shown}"), ("safety", "safe"), ("value", value))
    if difference.written:
        return MendRequest("json.set_value", Place(path, difference.written), arguments)
    return MendRequest(
        "json.insert_member", Place(path, profile.span), (*arguments, ("path", difference.path))
    )

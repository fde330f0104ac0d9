"""Regular expressions that take linear time, whatever the pattern and the text.

Rust's engine, by way of jsonschema-rs and its `RegexOptions`, never goes back in a text. What would need
that, look-around and back references, is refused; so is a pattern that grows too large when it is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """What says whether a pattern is found anywhere in a text.

    Errors:
        ValueError for what is no such pattern.
    """
    import jsonschema_rs  # few policies have a pattern of their own

    try:
        judge = jsonschema_rs.validator_for(
            {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError:
        raise ValueError(
            "it is no regular expression that takes linear time: look-around and back references are none, "
            "nor is one that grows too large"
        ) from None

    def found(text: str) -> bool:
        said: bool = judge.is_valid(
            text.encode("utf-8", "replace").decode()
        )  # JSON can write half a character
        return said

    return found

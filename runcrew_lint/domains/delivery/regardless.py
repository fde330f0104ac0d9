"""What goes on although something failed: by its `if`, or by `continue-on-error`.

Source: docs.github.com, "Evaluate expressions in workflows and actions" (status check functions).
"""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.domains.workflows.evaluate import Lookup, condition, interpolate, truth_of
from runcrew_lint.domains.workflows.facts import Text
from runcrew_lint.patterns import lazily

_STATUS = lazily(r"\b(success|always|failure|cancelled)\s*\(\s*\)")
_FAILED = {"success": "false", "always": "true", "failure": "true", "cancelled": "false"}
_WELL = {"success": "true", "always": "true", "failure": "false", "cancelled": "false"}
# Whoever asks how one job or step ended decides by that.
_ENDS = lazily(r"\.(?:result|outcome|conclusion|outputs)\b")


def runs_regardless(asked: Text | None, look: Lookup) -> bool:
    """Whether an `if:` lets it run where something before it has failed, as it does where all went well.

    What runs on a failure alone sets right what that left.
    """
    if asked is None or not _STATUS.search(asked.value):
        return False
    answers = [truth_of(condition(_ended(asked.value, how), look)[0]) for how in (_FAILED, _WELL)]
    return False not in answers and (None not in answers or not _ENDS.search(asked.value))


def _ended(text: str, how: Mapping[str, str]) -> str:
    """A condition with an answer for each question after the status."""
    return _STATUS.sub(lambda found: how[found[1]], text)


def is_forgiven(said: Text | None, look: Lookup) -> bool:
    """Whether a `continue-on-error` surely lets it fail; a part of a matrix that may is a trial."""
    if said is None or "matrix" in said.value:
        return False
    return said.value == "true" or ("${{" in said.value and truth_of(interpolate(said.value, look)) is True)

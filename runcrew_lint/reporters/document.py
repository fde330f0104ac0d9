"""Whole texts for programs, in which the log of a GitHub job hears no command (`look.unheard`).

A `#` or a `:` that is written as an escape is the same to whoever decodes it.
"""

from __future__ import annotations

import json
import re

from runcrew_lint.patterns import lazily

_COMMAND = lazily(r"^(\s*)::", re.MULTILINE)


def document(data: object, *, ascii_only: bool = False) -> str:
    """Data as one JSON document, ending in a newline."""
    text = json.dumps(data, indent=2, ensure_ascii=ascii_only)
    return text.replace("##[", r"\u0023#[") + "\n"


def markup(text: str) -> str:
    """XML or HTML, with what it says as it was: its own lines begin otherwise, and none has `##[`."""
    return _COMMAND.sub(r"\1&#58;:", text.replace("##[", "&#35;#["))

"""What a script's text mentions, seen before it is parsed: most scripts deliver nothing and need not be."""

from __future__ import annotations

import re
from typing import NamedTuple

_EAS = re.compile(r"(?<![\w.-])eas(?:-cli)?(?![\w.-])")
_RUNNER = re.compile(
    r"(?<![\w.-])(?:npx|pnpx|bunx)(?![\w-])"
    r"|(?<![\w.-])(?:npm|pnpm|yarn|bun)(?![\w-])(?!\s+(?:ci|install|i|add|config|cache|audit|view|publish"
    r"|pack|version|--version|-v)\b)"
)
_SCRIPT = re.compile(r"[\w./-]+\.(?:sh|bash)(?!\w)")
_HANDED_ON = re.compile(r"GITHUB_(?:OUTPUT|ENV)\b")


class Mentions(NamedTuple):
    """Whether a text names the EAS CLI, something that runs a package's scripts, a shell script, or the
    files by which a step hands values to those that follow.
    """

    eas: bool
    runner: bool
    script: bool
    handed_on: bool

    @property
    def leads_on(self) -> bool:
        """Whether it may come to a command that delivers."""
        return self.eas or self.runner or self.script


def mentions(text: str) -> Mentions:
    """What a text mentions; a comment counts, which costs a moment and no truth."""
    patterns = (_EAS, _RUNNER, _SCRIPT, _HANDED_ON)
    return Mentions(*(pattern.search(text) is not None for pattern in patterns))

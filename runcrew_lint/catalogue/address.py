"""Where the page of a rule is read on the web."""

from __future__ import annotations

from runcrew_lint import __version__
from runcrew_lint.model.rule import Rule

_DOCS = f"https://github.com/runcrew/runcrew-lint/blob/v{__version__}/docs"
LOCKS = f"{_DOCS}/locks.md"


def address(rule: Rule) -> str:
    """The page as this version has it; "" for a team's own rule, which has none."""
    return "" if rule.home else f"{_DOCS}/rules/{rule.name}.md"

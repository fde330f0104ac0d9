"""Where the page of a rule is read on the web."""

from __future__ import annotations

from runcrew_lint.model.rule import Rule

_DOCS = "https://github.com/runcrew/runcrew-lint/blob/main/docs"
LOCKS = f"{_DOCS}/locks.md"


def address(rule: Rule) -> str:
    """The page of one that comes with the linter; "" for a team's own rule, which has none."""
    return "" if rule.home else f"{_DOCS}/rules/{rule.name}.md"

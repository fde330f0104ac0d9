"""What Dependabot is asked to update."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span


@frozen
class Updates:
    """One dependabot.yml; `span` is its `updates` key, `ecosystems` those that it names, lower case."""

    path: str
    span: Span
    ecosystems: tuple[str, ...]

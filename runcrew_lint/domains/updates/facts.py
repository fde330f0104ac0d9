"""What Dependabot is asked to update."""

from __future__ import annotations

from dataclasses import dataclass

from runcrew_lint.text import Span


@dataclass(frozen=True, slots=True)
class Updates:
    """One dependabot.yml; `span` is its `updates` key, `ecosystems` those that it names, lower case."""

    path: str
    span: Span
    ecosystems: tuple[str, ...]

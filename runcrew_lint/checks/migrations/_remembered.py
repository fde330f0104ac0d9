"""Which scripts a tool runs once and remembers."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Migration

_ANEW = ("B", "R")  # Flyway's that run on new databases alone, and each time that they change


def remembers(script: Migration) -> bool:
    """Whether its tool keeps a list of those that have run, and this one runs once."""
    return bool(script.tool) and not (script.tool == "flyway" and script.message.startswith(_ANEW))

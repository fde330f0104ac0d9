"""A dependabot.yml to its `Updates`.

Source: docs.github.com, "Dependabot options reference".
"""

from __future__ import annotations

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping, Sequence, at, text_at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.updates.facts import Updates
from runcrew_lint.text import Source


def read(source: Source, _reading: Reading) -> Updates | None:
    """What one file asks for; None where it has no list of updates.

    Errors:
        Unreadable where the file is no YAML.
    """
    root = source.derive(yaml.parse)
    entry = root.entry("updates") if isinstance(root, Mapping) else None
    if entry is None or not isinstance(entry.value, Sequence):
        return None
    names = (text_at(item, "package-ecosystem") for item in entry.value.items if at(item, "schedule"))
    return Updates(source.path, entry.key.span, tuple(name.lower() for name in names if name))

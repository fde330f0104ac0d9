"""A ruleset under .github/rulesets to a `Protection`.

Source: docs.github.com, "Get a repository ruleset" and "Managing rulesets" (export as JSON).
"""

from __future__ import annotations

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.delivery.facts import Protection, RequiredCheck
from runcrew_lint.domains.fact import Reading
from runcrew_lint.text import Source


def read(source: Source, reading: Reading) -> Protection | None:
    """What an active ruleset for branches requires; None for any other.

    Errors:
        Unreadable where the file is no JSON.
    """
    root = source.derive(json.parse)
    if text_at(root, "target") not in ("branch", None) or text_at(root, "enforcement") != "active":
        return None
    checks = tuple(
        RequiredCheck(str(name.value), name.span)
        for rule in _items(at(root, "rules"))
        if text_at(rule, "type") == "required_status_checks"
        for check in _items(at(rule, "parameters", "required_status_checks"))
        if isinstance(name := at(check, "context"), Scalar)
    )
    return Protection(source.path, _names(root, "include"), _names(root, "exclude"), checks)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _names(root: Node, key: str) -> tuple[str, ...]:
    found = _items(at(root, "conditions", "ref_name", key))
    return tuple(str(each.value) for each in found if isinstance(each, Scalar))

"""Finds rules by a name that is nearly one, or by words."""

from __future__ import annotations

from difflib import get_close_matches

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.model.rule import Rule

_MOST = 20  # rules that one search finds


def search(catalogue: Catalogue, wanted: str) -> list[Rule]:
    """The rules whose name is near, then those that have every word in their name, then in their summary or
    remedy; as many as a person reads.
    """
    words = wanted.lower().replace("-", " ").split()
    rules = [catalogue.rules[name] for name in sorted(catalogue.rules)]
    near = [catalogue.rules[name] for name in get_close_matches(wanted.lower(), catalogue.rules, 3, 0.75)]
    named = [rule for rule in rules if all(word in rule.name for word in words)]
    told = [rule for rule in rules if all(word in _said(rule) for word in words)]
    found = {rule.name: rule for rule in (*near, *named, *told)} if words else {}
    return list(found.values())[:_MOST]


def _said(rule: Rule) -> str:
    return f"{rule.name} {rule.family} {rule.summary} {rule.remedy}".lower()

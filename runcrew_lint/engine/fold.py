"""Findings where nobody can act on them: many of one rule, in revisions that the default branch has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from runcrew_lint.text import Place

Settled = Callable[[Iterable[str]], tuple[str, frozenset[str]]]
FEW = 5  # findings of one rule in settled revisions that are shown one by one
_FAMILY = "migrations"


def settled_in(found: Iterable[tuple[str, str, Place]], settled: Settled) -> Mapping[tuple[str, str], str]:
    """The default branch, by rule and path, of the findings that fold.

    A revision that the default branch has was run somewhere: to change it now changes no database.

    Arguments:
        found: rule, family and place of each finding.
        settled: the default branch's name, and which of some files it has.
    """
    of_rule: dict[str, list[str]] = {}
    for rule, family, place in found:
        if family == _FAMILY:
            of_rule.setdefault(rule, []).append(place.path)
    many = {rule: Counter(paths) for rule, paths in of_rule.items() if len(paths) > FEW}
    if not many:
        return {}
    branch, there = settled(sorted(set().union(*many.values())))
    folded = {}
    for rule, paths in many.items():
        gone = there.intersection(paths)
        if sum(paths[path] for path in gone) > FEW:
            folded.update({(rule, path): branch for path in gone})
    return folded

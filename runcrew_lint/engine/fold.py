"""Findings where nobody can act on them: many, in revisions that the default branch has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from runcrew_lint.model.rule import Rule
from runcrew_lint.text import Place

Settled = Callable[[Iterable[str]], tuple[str, frozenset[str]]]
FEW = 5  # findings in settled revisions that are shown one by one
_FAMILY = "migrations"


def settled_in(found: Iterable[tuple[Rule, Place]], settled: Settled) -> Mapping[tuple[str, str], str]:
    """The default branch, by rule and path, of the findings that fold.

    A revision that the default branch has was run somewhere: to change it now changes no database. What
    stands there still can be mended by a new one, and folds only where one rule has many.

    Arguments:
        found: rule and place of each finding.
        settled: the default branch's name, and which of some files it has.
    """
    rules: dict[str, Rule] = {}
    paths: dict[str, Counter[str]] = {}
    for rule, place in found:
        if rule.family == _FAMILY:
            rules[rule.name] = rule
            paths.setdefault(rule.name, Counter())[place.path] += 1
    if sum(each.total() for each in paths.values()) <= FEW:
        return {}
    branch, there = settled(sorted(set().union(*paths.values())))
    gone = {name: sum(many for path, many in each.items() if path in there) for name, each in paths.items()}
    past = sum(many for name, many in gone.items() if not rules[name].stands)
    return {
        (name, path): branch
        for name, each in paths.items()
        if (gone[name] if rules[name].stands else past) > FEW
        for path in there.intersection(each)
    }

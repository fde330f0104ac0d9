"""The files into whose facts a target is drawn: a script that a workflow runs, SQL that a revision reads.

Such a target may give no fact of its own; what a change of it does is told by the rules on the facts that it
goes into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.domains.claims import Claims
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Share, tasks_of
from runcrew_lint.engine.discover import among

_SCRIPT = r"[^/]+\.(?:sh|bash)"
_SNIPPET = r"[^/]+\.(?:conf|inc|nginx|params)|[^/.]+"
# What the reader of a kind takes in where a file of the kind names it.
_DRAWN = {
    kind: re.compile(rf"(?:[^/]+/)*(?:{names})\Z")
    for kind, names in (
        ("workflow", rf"{_SCRIPT}|action\.ya?ml"),
        ("eas-workflow", _SCRIPT),
        ("package", _SCRIPT),
        ("recipes", _SCRIPT),
        ("nginx", _SNIPPET),
        ("migration", r"[^/]+\.sql"),
    )
}


def hosts(analyst: Analyst, claims: Claims, targets: Set[str], chosen: Mapping[str, Chosen]) -> Set[str]:
    """The files that take in one of the targets, as far as a rule that is on reads their kind."""
    read = {kind for each in chosen.values() for kind in each.rule.reads}
    named = among(claims.paths, targets)
    kinds = {
        kind: drawn
        for kind, pattern in _DRAWN.items()
        if kind in read and (drawn := {path for path in named if pattern.match(path)})
    }
    analyst.answer(tasks_of(Share(KINDS[kind], claims[kind]) for kind in kinds))
    return frozenset(_hosts(analyst, kinds))


def _hosts(analyst: Analyst, kinds: Mapping[str, Set[str]]) -> Iterator[str]:
    for kind, drawn in kinds.items():
        for path in drawn:
            yield from analyst.kept.takers.get((kind, path), ())

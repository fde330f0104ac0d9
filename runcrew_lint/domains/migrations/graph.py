"""What is wrong with the graph of a lineage's revisions, as far as its edges tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.lineage import Lineage


def free_bases(lineage: Lineage) -> tuple[Migration, ...]:
    """The revisions that follow none and bear no branch label, oldest first.

    A base with a label is a branch that is meant to stand alone (Alembic, "Working with Branches").
    """
    found = [
        each
        for each in lineage.by_revision.values()
        if each.parents_known and not each.down_revisions and not each.branch_labels
    ]
    return tuple(sorted(found, key=lambda each: (each.date, each.path)))


def histories(lineage: Lineage) -> dict[str, str]:
    """For each revision the name of its history: those that are joined, however far, have the same."""
    leads = {revision: revision for revision in lineage.by_revision}

    def root(revision: str) -> str:
        while leads[revision] != revision:
            leads[revision] = revision = leads[leads[revision]]
        return revision

    for revision, migration in lineage.by_revision.items():
        for parent in migration.down_revisions:
            if parent in leads:
                leads[root(revision)] = root(parent)
    return {revision: root(revision) for revision in leads}


def cycles(lineage: Lineage) -> Iterator[tuple[Migration, ...]]:
    """Each circle of revisions that wait for each other, one way through it, from the youngest back.

    Both `down_revision` and `depends_on` make a revision wait.
    """
    waits = {revision: _waits_for(lineage, each) for revision, each in lineage.by_revision.items()}
    inside = _without_ends(waits)
    while inside:
        start = max(inside, key=lambda each: (lineage.by_revision[each].date, each))
        found = _way_round(start, waits, inside)
        if found:
            yield tuple(lineage.by_revision[each] for each in found)
        inside -= set(found) or {start}
        inside &= _without_ends({each: waits[each] & inside for each in inside})


def _waits_for(lineage: Lineage, migration: Migration) -> set[str]:
    labels = lineage.labels
    named = (*migration.down_revisions, *(labels.get(each, each) for each in migration.depends_on))
    return {each for each in named if each in lineage.by_revision}


def _without_ends(waits: dict[str, set[str]]) -> set[str]:
    """The revisions that wait for one which is never done."""
    needed: dict[str, list[str]] = {each: [] for each in waits}
    for each, needs in waits.items():
        for other in needs:
            needed[other].append(each)
    left = {each: set(needs) for each, needs in waits.items()}
    ready = [each for each, needs in left.items() if not needs]
    while ready:
        done = ready.pop()
        left.pop(done)
        for each in needed[done]:
            left[each].discard(done)
            if not left[each] and each in left:
                ready.append(each)
    return set(left)


def _way_round(start: str, waits: dict[str, set[str]], inside: Iterable[str]) -> list[str]:
    """A shortest way from `start` back to itself, or none."""
    allowed = set(inside)
    came: dict[str, str] = {}
    waiting = [start]
    while waiting:
        following = []
        for current in waiting:
            for each in sorted(waits[current] & allowed):
                if each == start:
                    way = [current]
                    while way[-1] != start:
                        way.append(came[way[-1]])
                    return way[::-1]
                if each not in came:
                    came[each] = current
                    following.append(each)
        waiting = following
    return []

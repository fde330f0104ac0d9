"""What a change does beside its findings: to what is delivered, and to tables that are in use."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.delivery.calls import DELIVERING
from runcrew_lint.domains.delivery.map import READS, delivery_map_of
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.overview import RevisionView, overview
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.before import earlier
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.case import Case
from runcrew_lint.engine.change import opened
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.overlay import overlaid
from runcrew_lint.engine.run import Request
from runcrew_lint.repository import Repository
from runcrew_lint.tuples import NamedTuple

_MIGRATIONS = tuple(kind for kind, row in KINDS.items() if row.reader.startswith("migrations."))


class Delivery(NamedTuple):
    """One thing that happens on an occasion; `sure` is false where a condition decides that is not known."""

    when: str
    workflow: str
    job: str
    command: str
    sure: bool


class Affected(NamedTuple):
    """What the change adds and takes away, in the order of the map; its revisions, in that of their history.

    `postgres` is the version that the locks are foretold for.
    """

    begins: tuple[Delivery, ...]
    ends: tuple[Delivery, ...]
    revisions: tuple[RevisionView, ...]
    postgres: int


def affected(request: Request) -> Affected:
    """What the change of a run with `since` or `staged` does.

    Errors:
        SetupError as of the run itself.
    """
    catalogue = load_catalogue()
    opening = opened(request, catalogue)
    request, law, tree = opening.request, opening.law, opening.tree
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        worktree = overlaid(tree, request.overlay)
        case = Case(request, catalogue, law.policy, {}, tree, worktree, files, cache)
        change = opening.change(case) if opening.change else None
        if change is None or change.base is None:
            return Affected((), (), (), law.policy.postgres)
        now = _deliveries(change.case)
        then = _deliveries(earlier(change.case, change.base))
        history = history_of(_drawn(change.case, _MIGRATIONS))
        base = change.base
        views = (
            view
            for lineage in history.lineages
            if any(base.is_changed(each.path) for each in lineage.migrations)
            for view in overview(lineage, law.policy.postgres)
        )
        revisions = tuple(view for view in views if base.is_changed(view.migration.path))
    finally:
        cache.close()
    return Affected(_but(now, then), _but(then, now), revisions, law.policy.postgres)


def _deliveries(case: Case) -> tuple[Delivery, ...]:
    found = delivery_map_of(_drawn(case, READS))
    return tuple(
        dict.fromkeys(
            Delivery(edge.when, edge.workflow, edge.job_id, edge.command, edge.sure)
            for edge in found.edges
            if edge.action in DELIVERING
        )
    )


def _drawn(case: Case, kinds: Iterable[str]) -> Repository:
    """The facts of some kinds, nothing judged."""
    analyst = Analyst(case.files, case.cache, case.policy, case.tree.paths, {})
    paths = claimed(case.tree.paths)
    kinds = tuple(kinds)
    analysis = analyst.answer(Task(KINDS[kind], path) for kind in kinds for path in paths[kind])
    return Repository(case.worktree, case.policy, chain.from_iterable(analysis.facts.values()), kinds)


def _but(these: tuple[Delivery, ...], others: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    known = set(others)
    return tuple(each for each in these if each not in known)

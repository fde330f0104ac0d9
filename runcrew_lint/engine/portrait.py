"""What a repository is beside its findings: what it delivers, how its tables came to be, what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.delivery.map import READS, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.environment.contract import Row, contract_of
from runcrew_lint.domains.kinds import KINDS, with_forms
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.overview import RevisionView, overview
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.case import Case
from runcrew_lint.engine.contract import READ as VARIABLES
from runcrew_lint.engine.draw import FAMILY, Drawn
from runcrew_lint.engine.excuse import region_of
from runcrew_lint.engine.histories import READ as MIGRATIONS
from runcrew_lint.engine.scrub import Cover, holders
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Finding
from runcrew_lint.repository import Repository


@frozen
class Portrait:
    """The whole repository, whatever part of it was judged.

    Arguments:
        delivery: the map; a way is at fault where a finding of the report says so.
        histories: each with its revisions, in the order they run.
        variables: the environment contract, by name.
        line: the line, from 1, of an offset in a file.
        cover: what covers secrets in the words of the findings; in the others they are covered.
    """

    delivery: Drawn
    histories: tuple[tuple[Lineage, tuple[RevisionView, ...]], ...]
    variables: tuple[Row, ...]
    line: Callable[[str, int], int]
    cover: Cover


def portrait_of(case: Case, findings: Iterable[Finding], holding: Iterable[str]) -> Portrait:
    """The portrait of a case, from the facts that its run has left in the cache.

    Arguments:
        findings: those of the report.
        holding: files that hold a secret, beside those that are read for this.
    """
    cache = Cache(case.request.cache, case.request.root)
    policy, paths = case.policy, case.tree.paths
    try:
        analyst = Analyst(case.files, cache, policy, paths, {})
        files = claimed(paths)
        kinds = (*with_forms(READS), *MIGRATIONS, *VARIABLES)
        analysis = analyst.answer(Task(KINDS[kind], path) for kind in kinds for path in files[kind])
        facts = tuple(chain.from_iterable(analysis.facts.values()))
        read = (*READS, *MIGRATIONS, *VARIABLES)
        repository = Repository(case.worktree, policy, facts, read)
        found = delivery_map_of(repository)
        cover = Cover({*holding, *holders(analyst)}, case.source, case.seen)
        shown = Repository(case.worktree, policy, map(cover.fact, facts), read)
        history, contract = history_of(shown), contract_of(shown)
    finally:
        cache.close()
    said = tuple(each for each in findings if each.family == FAMILY)
    regions = {place: region_of(place, case.source) for place in {edge.at for edge in found.edges}}
    return Portrait(
        Drawn(found, said, regions, policy, repository.facts(EasConfig), cover),
        tuple((each, tuple(overview(each, policy.postgres))) for each in history.lineages),
        tuple(contract.rows.values()),
        case.files.line,
        cover,
    )

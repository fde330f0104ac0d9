"""The delivery map of a repository with what the rules say of it, for `runcrew-lint map`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from runcrew_lint.catalogue.choose import choose
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.delivery.map import READS, DeliveryMap, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.kinds import claimed
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.excuse import Bench, region_of
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.judge import judge
from runcrew_lint.engine.mend import Mender
from runcrew_lint.engine.plan import plan
from runcrew_lint.engine.promises import Ledger
from runcrew_lint.engine.run import Request
from runcrew_lint.model.finding import Finding, Region
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source

FAMILY = "delivery"


@dataclass(frozen=True)
class Drawn:
    """What a picture of the map is made from.

    Arguments:
        found: the map.
        findings: what the delivery rules report, promises weighed.
        regions: the positions of every place where an edge of the map belongs.
        configs: the repository's eas.json files.
    """

    found: DeliveryMap
    findings: tuple[Finding, ...]
    regions: Mapping[Place, Region]
    policy: Policy
    configs: tuple[EasConfig, ...]


def draw(request: Request) -> Drawn:
    """The map of one repository.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    catalogue = load_catalogue(request.cache)
    policy = load_policy(request.root, request.policy, catalogue.policies)
    chosen = choose(catalogue, policy, (FAMILY,), request.ignore)
    chosen = {name: each for name, each in chosen.items() if each.rule.family == FAMILY}
    tree = discover(request.root, [*request.exclude, *(each.glob for each in policy.exclude)])
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {})
        planned = plan(chosen, claimed(tree.paths), frozenset(), {})
        analysis = analyst.answer((*planned.tasks, *planned.later))
        facts = chain.from_iterable(analysis.facts.values())
        repository = Repository(tree, policy, facts, planned.kinds.union(READS))
        verdicts = judge(planned.chosen, analysis, repository)

        def source(path: str) -> Source | None:
            try:
                return files.text(path)
            except (OSError, Skipped):
                return None

        ledger = Ledger((), policy.excuses, catalogue, request.today)
        bench = Bench(
            chosen, frozenset(), policy.overrides, ledger, source, Mender(files, cache, request.today)
        )
        findings, _ = bench.judged(verdicts, ())
        found = delivery_map_of(repository) if not chosen else repository.derive(delivery_map_of)
        regions = {place: region_of(place, source) for place in {edge.at for edge in found.edges}}
        return Drawn(found, findings, regions, policy, repository.facts(EasConfig))
    finally:
        cache.close()

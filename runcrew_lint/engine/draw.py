"""The delivery map of a repository with what the rules say of it, for `runcrew-lint map`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from runcrew_lint.catalogue.choose import choose
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.delivery.map import READS, DeliveryMap, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import KINDS, own, with_forms
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.analyse import Analyst, Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.excuse import Bench, region_of
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.judge import judge
from runcrew_lint.engine.mend import Mender
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
    chosen = choose(catalogue, policy, (), request.ignore)
    chosen = {name: each for name, each in chosen.items() if each.rule.family == FAMILY}
    tree = discover(request.root, [*request.exclude, *(each.glob for each in policy.exclude)], by_name=True)
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {})
        analysis = analyst.answer(_tasks(with_forms(READS), tree.paths))
        beside = {kind for each in chosen.values() for kind in each.rule.reads}.difference(with_forms(READS))

        def late(of: str) -> Iterator[Fact]:
            found = analyst.answer(_tasks((kind for kind in beside if KINDS[kind].fact == of), tree.paths))
            return chain.from_iterable(found.facts.values())

        facts = chain.from_iterable(analysis.facts.values())
        repository = Repository(tree, policy, facts, beside.union(READS), late)
        verdicts = tuple(judge(chosen, analysis, repository))

        def source(path: str) -> Source | None:
            try:
                return files.text(path)
            except (OSError, Skipped):
                return None

        told = {each.fault.place.path for each in verdicts}.intersection(tree.paths)
        promised = analyst.answer(Task(KINDS["promises"], path) for path in told).of("promises")
        promises = (each for each in promised if isinstance(each, Promises))
        ledger = Ledger(promises, policy.excuses, catalogue, request.today)
        bench = Bench(
            chosen, frozenset(), policy.overrides, ledger, source, Mender(files, cache, request.today)
        )
        findings, _ = bench.judged(verdicts, ())
        found = delivery_map_of(repository) if not chosen else repository.derive(delivery_map_of)
        regions = {place: region_of(place, source) for place in {edge.at for edge in found.edges}}
        return Drawn(found, findings, regions, policy, repository.facts(EasConfig))
    finally:
        cache.close()


def _tasks(kinds: Iterable[str], paths: Sequence[str]) -> Iterator[Task]:
    for name in kinds:
        claims = KINDS[name].claims.match
        yield from (Task(KINDS[name], path) for path in own(filter(claims, paths)))

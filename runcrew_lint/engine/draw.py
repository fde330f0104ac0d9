"""The delivery map of a repository with what the rules say of it, for `runcrew-lint map`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from runcrew_lint.catalogue.choose import choose
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.catalogue.own import complete
from runcrew_lint.domains.claims import own
from runcrew_lint.domains.delivery.map import READS, DeliveryMap, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import KINDS, with_forms
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task, Trouble
from runcrew_lint.engine.cache import Cache, repeated
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.excuse import Bench, region_of
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.judge import Verdict, judge
from runcrew_lint.engine.mend import Mender
from runcrew_lint.engine.promises import Ledger
from runcrew_lint.engine.redrawn import Redrawn
from runcrew_lint.engine.run import Request
from runcrew_lint.engine.scrub import Cover, holders
from runcrew_lint.engine.seen import Seen
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Finding, Region
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source

FAMILY = "delivery"


@frozen
class Drawn:
    """What a picture of the map is made from.

    Arguments:
        found: the map.
        findings: what the delivery rules report, promises weighed.
        regions: the positions of every place where an edge of the map belongs.
        configs: the repository's eas.json files.
        cover: what covers the secrets of all that was read.
    """

    found: DeliveryMap
    findings: tuple[Finding, ...]
    regions: Mapping[Place, Region]
    policy: Policy
    configs: tuple[EasConfig, ...]
    cover: Cover


def draw(request: Request) -> Drawn:
    """The map of one repository.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    with _Desk(request) as desk:
        return desk.drawn()


def told(request: Request, named: str, render: Callable[[Drawn], str]) -> str:
    """The map as a text, which is kept while nothing changes.

    Arguments:
        named: all that `render` depends on beside the map.
    Errors:
        as of `draw`.
    """
    with _Desk(request) as desk:
        rests_on = repr((desk.policy, desk.chosen, named, request.today))
        kept = Redrawn(desk.cache, desk.tree, desk.files, rests_on)
        text = kept.get()
        if text is None:
            text = render(drawn := desk.drawn())
            consulted = desk.analyst.kept.consulted
            if not desk.crashed and not repeated(drawn.cover.secrets, consulted):
                kept.put(text, desk.kinds, consulted)
        return text


class _Desk:
    """What one map is drawn from; `kinds` are those that were read, `crashed` tells of a fault of ours."""

    def __init__(self, request: Request) -> None:
        self.catalogue = load_catalogue()
        self.policy = load_policy(request.root, request.policy, self.catalogue.policies)
        self.catalogue = complete(self.catalogue, self.policy, request.plugins, request.root)
        chosen = choose(self.catalogue, self.policy, (), request.ignore)
        self.chosen = {name: each for name, each in chosen.items() if each.rule.family == FAMILY}
        excluded = [*request.exclude, *(each.glob for each in self.policy.exclude)]
        self.tree = discover(request.root, excluded, by_name=True)
        self.today = request.today
        memory = request.memory
        self.kept = memory.kept if memory else {}
        self.cache = Cache(request.cache, request.root, memory.files if memory else None)
        self.files = Files(request.root, self.cache, request.overlay, self.tree.stats)
        self.analyst = Analyst(self.files, self.cache, self.policy, self.tree.paths, {}, memory=memory)
        self.kinds: set[str] = set(with_forms(READS))
        self.crashed = False

    def __enter__(self) -> _Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.cache.close()

    def drawn(self) -> Drawn:
        """The map with what the rules say of it."""
        analysis = self.analyst.answer(_tasks(with_forms(READS), self.tree.paths))
        reads = {kind for each in self.chosen.values() for kind in each.rule.reads}
        beside = reads.difference(with_forms(READS))

        def late(of: str) -> Iterator[Fact]:
            asked = [kind for kind in beside if KINDS[kind].fact == of]
            self.kinds.update(asked)
            found = self.analyst.answer(_tasks(asked, self.tree.paths))
            return chain.from_iterable(found.facts.values())

        facts = chain.from_iterable(analysis.facts.values())
        repository = Repository(self.tree, self.policy, facts, beside.union(READS), late, kept=self.kept)
        told = tuple(judge(self.chosen, analysis, repository))
        self.crashed = "rule-crashed" in {
            each.rule for each in chain[Verdict | Trouble](told, analysis.troubles)
        }
        spoken = {each.fault.place.path for each in told}.intersection(self.tree.paths)
        promised = self.analyst.answer(Task(KINDS["promises"], path) for path in spoken).of("promises")
        promises = (each for each in promised if isinstance(each, Promises))
        ledger = Ledger(promises, self.policy.excuses, self.catalogue, self.today)
        found = repository.derive(delivery_map_of) if self.chosen else delivery_map_of(repository)
        seen = Seen(self.policy, self.cache)
        cover = Cover(holders(self.analyst), self._source, seen)
        mender = Mender(self.files, self.cache, seen, self.today)
        bench = Bench(self.chosen, frozenset(), self.policy.overrides, ledger, self._source, cover, mender)
        findings, _ = bench.judged(cover.verdicts(told), ())
        regions = {place: region_of(place, self._source) for place in {edge.at for edge in found.edges}}
        return Drawn(found, findings, regions, self.policy, repository.facts(EasConfig), cover)

    def _source(self, path: str) -> Source | None:
        try:
            return self.files.text(path)
        except (OSError, Skipped):
            return None


def _tasks(kinds: Iterable[str], paths: Sequence[str]) -> Iterator[Task]:
    for name in kinds:
        claims = KINDS[name].claims.match
        yield from (Task(KINDS[name], path) for path in own(filter(claims, paths)))

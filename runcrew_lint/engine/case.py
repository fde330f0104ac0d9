"""One tree that one policy judges: from the plan to the verdicts, and the bench that weighs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.catalogue.declarative import shape_kinds
from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.fact import Fact, Worktree
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Analysis, tasks_of
from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import Tree, settled, within
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.excuse import Bench
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.fingerprint import Fingerprints
from runcrew_lint.engine.grounds import BRANCH, Rests, ask
from runcrew_lint.engine.hosts import hosts
from runcrew_lint.engine.judge import Verdict, judge
from runcrew_lint.engine.mend import Mender
from runcrew_lint.engine.plan import Plan, plan
from runcrew_lint.engine.promises import Ledger
from runcrew_lint.engine.recall import Judged, Recall, Witness
from runcrew_lint.engine.scrub import Cover, holders
from runcrew_lint.engine.seen import Seen
from runcrew_lint.frozen import unique
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source, Span

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Request


@unique
class Case:
    """What is judged, and by what.

    Arguments:
        worktree: the tree as the checks ask it; `tree` lists its files.
        rests: what its verdicts rest on, as it is found out.
        past: texts that are no files of the tree, by the path that a place names.
    """

    request: Request
    catalogue: Catalogue
    policy: Policy
    chosen: Mapping[str, Chosen]
    tree: Tree
    worktree: Worktree
    files: Files
    cache: Cache
    rests: Rests = field(default_factory=Rests)
    past: dict[str, Source] = field(default_factory=dict)

    def source(self, path: str) -> Source | None:
        """A file's text; None where it can't be read."""
        if path in self.past:
            return self.past[path]
        try:
            return self.files.text(path)
        except (OSError, Skipped):
            return None

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """What tells its findings from others."""
        return Fingerprints(self.seen, self.source)

    @cached_property
    def seen(self) -> Seen:
        """Where the secrets of its files stand."""
        return Seen(self.policy, self.cache)

    def judged(self, recall: Recall | None = None) -> Judged:
        """The verdicts on the tree, from the last run where nothing that they rest on has changed."""
        kept = recall.get(self.rests) if recall else None
        if kept is not None:
            return kept
        rules = self.catalogue.rules.values()
        shapes = shape_kinds(rules)
        if any(rule.home for rule in rules):
            from runcrew_lint.catalogue.own_shapes import own_kinds  # most teams have none

            shapes |= own_kinds(rules)
        readers = {name: reader for name, (_, reader) in shapes.items()}
        request = self.request
        analyst = Analyst(
            self.files,
            self.cache,
            self.policy,
            self.tree.paths,
            readers,
            request.jobs,
            request.memory,
            request.pulse,
        )
        witness = Witness(self.worktree, self.rests)
        kinds = {name: kind for name, (kind, _) in shapes.items()}
        claims = (request.memory.claimed if request.memory else claimed)(self.tree.paths)
        targets = request.targets
        if targets:
            targets |= hosts(analyst, claims, targets, self.chosen)
        planned = plan(self.chosen, claims, targets, kinds)
        judged = self._judged(planned, analyst, witness)
        if recall:
            self.rests.secrets = self.cover(judged).secrets
            self.rests.consulted.update(analyst.kept.consulted)
            recall.put(judged, self.rests)
        return judged

    def _judged(self, planned: Plan, analyst: Analyst, tree: Witness) -> Judged:
        """The verdicts of the rules that can speak on the targets, and the promises there."""
        able, targets = tuple(planned.chosen), self.request.targets
        if targets:
            here = analyst.answer(planned.here, planned.later)
            planned = planned.narrowed(here)
        analysis = analyst.answer(tasks_of(planned.now), planned.later)

        def draw(of: str) -> Iterator[Fact]:
            late = analyst.answer(tasks_of(share for share in planned.later if share.kind.fact == of))
            analysis.troubles.extend(late.troubles)
            analysis.unread.update(late.unread)
            return chain.from_iterable(late.facts.values())

        facts = chain.from_iterable(analysis.facts.values())
        near = planned.near if targets else frozenset[str]()
        kept = self.request.memory.kept if self.request.memory else None
        repository = Repository(tree, self.policy, facts, planned.kinds, draw, near, analysis.unread, kept)
        told = tuple(judge(planned.chosen, analysis, repository, self.request.pulse))
        told = (*_troubles(analysis), *told)
        holding = holders(analyst) if told else ()
        verdicts = tuple(Cover(holding, self.source, self.seen).verdicts(told))
        promises = tuple(fact for fact in analysis.of("promises") if isinstance(fact, Promises))
        return Judged(verdicts, promises, able, holding, tuple(_long(analysis)) if told else ())

    def cover(self, judged: Judged) -> Cover:
        """What covers the secrets of all that was read for the verdicts."""
        return Cover(judged.holding, self.source, self.seen)

    @cached_property
    def _branch(self) -> tuple[str, ...]:
        """The default branch's name and commit."""
        asked = ask(self.tree, BRANCH)
        self.rests.asked.append(asked)
        return asked.answer

    def _settled(self, paths: Iterable[str]) -> tuple[str, frozenset[str]]:
        """The default branch, and which of these files it has."""
        name, commit = self._branch
        return name, settled(self.tree, commit, paths)

    def bench(self, judged: Judged, known: Sequence[Baseline] = ()) -> Bench:
        """Who weighs the verdicts; `known` are the findings that are not reported again."""
        request = self.request
        return Bench(
            self.chosen,
            request.targets,
            self.policy.overrides,
            Ledger(judged.promises, self.policy.excuses, self.catalogue, request.today),
            self.source,
            self.cover(judged),
            Mender(self.files, self.cache, self.seen, request.today),
            self.fingerprints,
            known=tuple(known),
            settled=self._settled,
            brief=request.brief,
        )


def _long(analysis: Analysis) -> Iterator[str]:
    """The revisions that are too long for most fixes."""
    for fact in analysis.of("migration"):
        from runcrew_lint.checks.migrations._mends import is_too_long  # where there is one
        from runcrew_lint.domains.migrations.facts import Migration

        if isinstance(fact, Migration) and fact.tool == "alembic" and is_too_long(fact):
            yield fact.path


def _troubles(analysis: Analysis) -> Iterator[Verdict]:
    """One verdict a file and reason, however many readers met it; a particular rule speaks for the rest."""
    told = {
        (trouble.path, trouble.span) for trouble in analysis.troubles if trouble.rule != "file-unreadable"
    }
    for trouble in analysis.troubles:
        if trouble.rule == "file-unreadable" and (trouble.path, trouble.span) in told:
            continue
        yield Verdict(trouble.rule, Fault(Place(trouble.path, trouble.span), trouble.message))


def passed(tree: Tree, targets: Set[str]) -> Iterator[Verdict]:
    """A verdict for each listed file that is not linted."""
    for path, reason in tree.passed:
        if within(path, targets):
            yield Verdict("file-skipped", Fault(Place(path, Span(0, 0)), f"not linted: {reason}"))

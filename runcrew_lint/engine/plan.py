"""What a run needs: of the rules that are on, those that can speak, and the facts they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.catalogue.declarative import shape_kind
from runcrew_lint.domains.claims import Claims
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.engine.answers import Analysis, Share, Task, tasks_of
from runcrew_lint.engine.discover import among
from runcrew_lint.frozen import frozen
from runcrew_lint.model.rule import Mark, Scope


@frozen
class Plan:
    """The rules that can speak on this run's targets, the kinds they read, and the facts to draw.

    `later` are the facts of kinds that only stand beside what rules speak on: they are drawn when a rule
    asks for them. `near` are the files that lie in the targets, `here` what they must tell before anything
    else is drawn.
    """

    chosen: Mapping[str, Chosen]
    kinds: frozenset[str]
    now: tuple[Share, ...]
    later: tuple[Share, ...] = ()
    near: frozenset[str] = frozenset()

    @property
    def here(self) -> Iterator[Task]:
        """The targets' own facts by which it is known which rules can speak."""
        heeded = {kind for each in self.chosen.values() for kind in each.rule.heeds}
        beside = (share for share in self.later if share.kind.name in heeded)
        return tasks_of(_among(self.near, share) for share in (*self.now, *beside))

    def narrowed(self, here: Analysis) -> Plan:
        """The plan now that the targets' own facts are known.

        Many files may hold a kind and few do: a rule that holds facts against each other needs one here,
        and so does its context. A demand misses what is nowhere, and a kind that no rule reads was not
        drawn.
        """
        able = {
            name: each
            for name, each in self.chosen.items()
            if each.rule.scope is not Scope.REPOSITORY
            or each.rule.mark is Mark.DEMAND
            or any(here.of(kind) or kind not in each.rule.reads for kind in _felt(each))
        }
        wanted = _wanted(able)
        known = [share for share in (*self.now, *self.later) if share.kind.name in wanted]
        shares = [share if wanted[share.kind.name] else _among(self.near, share) for share in known]
        return _sorted(able, wanted, shares, self.near)


def plan(
    chosen: Mapping[str, Chosen],
    files_of: Claims,
    targets: Set[str],
    shapes: Mapping[str, FactKind],
) -> Plan:
    """The least that answers: a rule that can neither speak on one of the targets nor heed one is dropped, a
    kind that no remaining rule reads is not drawn, and a rule that judges one file at a time sees the targets
    alone.

    Arguments:
        files_of: the files that may hold each kind.
        shapes: the kinds that hold the verdicts of declarative rules.
    """
    own = {on: kind for name, kind in shapes.items() if (on := name.removesuffix("-shapes")) not in KINDS}
    files_of = files_of.beside(own)
    here = Claims(among(files_of.paths, targets), files_of.kinds) if targets else files_of
    near = frozenset(here.paths)
    speaking = {
        name: each
        for name, each in chosen.items()
        if each.rule.scope is not Scope.ENGINE
        and any(here.get(kind) for kind in _felt(each))
        and any(files_of.get(kind) for kind in each.rule.speaks)
    }
    shares: list[Share] = []
    wanted = _wanted(speaking)
    for name, whole in wanted.items():
        claims = files_of if whole else here
        drawn = shapes.get(name) or KINDS[name]
        shares.append(Share(drawn, claims[name.removesuffix("-shapes") if name in shapes else name]))
    return _sorted(speaking, wanted, shares, near)


def _among(near: frozenset[str], share: Share) -> Share:
    """What of a share is of the targets."""
    return Share(share.kind, [path for path in share.paths if path in near])


def _sorted(
    chosen: Mapping[str, Chosen], wanted: Mapping[str, bool], shares: Sequence[Share], near: frozenset[str]
) -> Plan:
    first = {"promises"}
    for each in chosen.values():
        if each.rule.scope is Scope.REPOSITORY:
            first.update(each.rule.speaks)
        else:
            first.update(_names(each))
    now = tuple(share for share in shares if share.kind.name in first)
    later = tuple(share for share in shares if share.kind.name not in first)
    return Plan(chosen, frozenset(wanted).intersection(KINDS), now, later, near)


def _wanted(chosen: Mapping[str, Chosen]) -> dict[str, bool]:
    """The kinds that rules read, and whether the whole repository's facts are needed."""
    wanted = {"promises": False}
    for each in chosen.values():
        whole = each.rule.scope is Scope.REPOSITORY
        for name in _names(each):
            wanted[name] = wanted.get(name, False) or whole
    return wanted


def _felt(chosen: Chosen) -> tuple[str, ...]:
    """The kinds whose files a run must be about for the rule to count in it."""
    return (*chosen.rule.speaks, *chosen.rule.heeds)


def _names(chosen: Chosen) -> list[str]:
    reads = chosen.rule.reads
    return [shape_kind(kind) for kind in reads] if chosen.rule.scope is Scope.SHAPE else list(reads)

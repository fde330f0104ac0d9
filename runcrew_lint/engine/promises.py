"""Which findings a promise excuses, and what is to be said of the promises themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from runcrew_lint.catalogue.choose import expand
from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.domains.promises.facts import Promise, Promises
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.model.finding import Fault, Region
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.globs import ByGlob
from runcrew_lint.policy.model import Excuse
from runcrew_lint.text import Place

SOON = timedelta(days=14)


class Ledger:
    """The promises of a run, in files and in the policy, and which of their rules each has excused."""

    def __init__(
        self,
        promises: Iterable[Promises],
        excuses: Iterable[Excuse],
        catalogue: Catalogue,
        today: date,
    ) -> None:
        self._by_path: Mapping[str, tuple[Promise, ...]] = {each.path: each.promises for each in promises}
        self._excuses = [(each, expand(catalogue, each.rules)) for each in excuses]
        self._rules, self._today = catalogue.rules, today
        self._in_force = [each for each in self._excuses if not self._past(each[0].until)]
        self._of_rule: dict[str, ByGlob[Excuse]] = {}
        self._kept: set[tuple[str, Promise, str]] = set()
        self._used: set[Excuse] = set()

    def excuses(self, rule: str, region: Region) -> bool:
        """Whether a promise covers a finding of this rule here; each that does is noted as kept."""
        covering = [
            promise
            for promise in self._by_path.get(region.path, ())
            if rule in promise.rules and not self._void(promise, rule) and _covers(promise, region)
        ]
        self._kept.update((region.path, promise, rule) for promise in covering)
        if rule not in self._of_rule:
            named = (excuse for excuse, rules in self._in_force if rule in rules)
            self._of_rule[rule] = ByGlob((excuse, excuse.paths) for excuse in named)
        accepted = self._of_rule[rule].of(region.path)
        self._used.update(accepted)
        return bool(covering or accepted)

    def _void(self, promise: Promise, rule: str) -> bool:
        refused = rule in self._rules and not self._rules[rule].suppressible
        return bool(promise.flaw) or refused or self._past(promise.until)

    def _past(self, until: str) -> bool:
        day = _date(until)
        return day is not None and day < self._today

    def verdicts(self, judged: Iterable[str], *, whole: bool) -> Iterator[Verdict]:
        """What is wrong with the promises.

        Arguments:
            judged: the rules that could have spoken in this run.
            whole: whether every file was judged; else nothing in the policy can be called unused.
        """
        able = frozenset(judged)
        for path, promises in sorted(self._by_path.items()):
            for promise in promises:
                for rule, message in self._said(path, promise, able):
                    yield Verdict(rule, Fault(Place(path, promise.span), message))
        for excuse, rules in self._excuses:
            if excuse.place is None:
                continue
            for rule, message in self._dated(excuse.until):
                yield Verdict(rule, Fault(excuse.place, message))
            if whole and rules <= able and excuse not in self._used and not self._past(excuse.until):
                unused = "nothing is left to excuse here, so this would hide a fault to come"
                yield Verdict("suppression-unused", Fault(excuse.place, unused))

    def _said(self, path: str, promise: Promise, able: frozenset[str]) -> Iterator[tuple[str, str]]:
        if promise.flaw:
            yield "suppression-unknown-rule", f"this comment excuses nothing: {promise.flaw}"
            return
        if not promise.reason:
            yield "suppression-without-reason", "nobody can tell later whether this still has to be excused"
        yield from self._dated(promise.until)
        for rule in promise.rules:
            yield from self._said_of_rule(path, promise, rule, able)

    def _dated(self, said: str) -> Iterator[tuple[str, str]]:
        until = _date(said)
        if said and until is None:
            yield "suppression-unknown-rule", f"there is no day {said}, so nobody knows when this ends"
        elif until and until < self._today:
            ago = _days((self._today - until).days)
            yield "suppression-expired", f"the promise ran out on {until}, {ago} ago: what it excused is back"
        elif until and until <= self._today + SOON:
            yield (
                "promise-expiring",
                f"the promise runs out on {until}, in {_days((until - self._today).days)}",
            )

    def _said_of_rule(
        self, path: str, promise: Promise, rule: str, able: frozenset[str]
    ) -> Iterator[tuple[str, str]]:
        if rule not in self._rules:
            near = nearest(rule, self._rules)
            hint = f": did you mean {near}?" if near else ""
            yield "suppression-unknown-rule", f"there is no rule {rule}, so this excuses nothing{hint}"
        elif not self._rules[rule].suppressible:
            yield (
                "suppression-refused",
                f"{rule} can't be excused in the file itself: whoever commits the fault could excuse it too",
            )
        elif rule in able and not self._past(promise.until) and (path, promise, rule) not in self._kept:
            yield "suppression-unused", f"{rule} finds nothing here, so this would hide a fault to come"


def _covers(promise: Promise, region: Region) -> bool:
    if promise.first == 0:
        return True
    if promise.trailing:
        return promise.first in (region.start.line, region.end.line)
    return promise.first <= region.start.line <= promise.last


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

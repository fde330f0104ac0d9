"""Every promise that excuses a finding, in files and in the policy, the one that ends first at the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.discover import within
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.glimpse import glimpsed
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.model import Policy
from runcrew_lint.tuples import NamedTuple

_READ = ("promises",)


class Pledge(NamedTuple):
    """One promise; `where` is `path:line`, `covers` the globs of one in the policy, `until` the day said.

    `days` are those left from today, fewer than none where it is past, None where it names no day. `flaw`
    says why it excuses nothing.
    """

    where: str
    rules: tuple[str, ...]
    covers: tuple[str, ...]
    reason: str
    until: str
    days: int | None
    flaw: str


def pledges(request: Request) -> list[Pledge]:
    """The promises of the targets; those of the policy where the whole repository is asked for.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    repository, policy, files = glimpsed(request, _READ, lambda _, path: within(path, request.targets))
    found = [*_in_files(repository.facts(Promises), files, request.today)]
    if not request.targets:
        found += _in_policy(policy, request)
    return sorted(found, key=lambda each: (each.days is None, each.days or 0, each.where))


def _in_files(facts: Iterable[Promises], files: Files, today: date) -> Iterator[Pledge]:
    for fact in facts:
        for each in fact.promises:
            where = f"{fact.path}:{files.line(fact.path, each.span.start)}"
            days, flaw = _days(each.until, today)
            yield Pledge(where, each.rules, (), each.reason, each.until, days, each.flaw or flaw)


def _in_policy(policy: Policy, request: Request) -> Iterator[Pledge]:
    for each in policy.excuses:
        where = policy.name
        file = request.root / each.place.path if each.place else None
        if each.place and file and file.is_file():
            line = file.read_bytes().decode("utf-8-sig", "replace")[: each.place.span.start].count("\n") + 1
            where = f"{each.place.path}:{line}"
        days, flaw = _days(each.until, request.today)
        yield Pledge(where, each.rules, each.paths, each.reason, each.until, days, flaw)


def _days(until: str, today: date) -> tuple[int | None, str]:
    if not until:
        return None, ""
    try:
        return (date.fromisoformat(until) - today).days, ""
    except ValueError:
        return None, f"there is no day {until}"

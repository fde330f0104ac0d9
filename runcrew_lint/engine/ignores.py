"""Writes a promise for each finding there is: a comment where one can stand, else an excuse in the policy.

Each round lints what the last one made: a finding that its comment does not cover is excused in a wider way,
and one that nothing covers is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Any

from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.comments import Commented
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.fix import Mended
from runcrew_lint.engine.mend import bytes_of, text_of
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.engine.survey import Passed
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.model.finding import Finding
from runcrew_lint.policy.add_excuses import with_excuses
from runcrew_lint.policy.load import find
from runcrew_lint.text import Source
from runcrew_lint.tuples import NamedTuple

_OWN = ("suppression-", "promise-", "rule-crashed")
# Flyway, Prisma and sqlx keep the checksum of a script that has run: with a comment it is another one.
_SEALED = KINDS["sql-migration"].claims
_UNFIT = ("until=", "*/", "-->", "\n", "\r")


class _Way(IntEnum):
    """How a finding is excused, the narrowest way first."""

    LINE = 0
    FILE = 1
    POLICY = 2
    NONE = 3


class _Key(NamedTuple):
    """A finding as it is found again: by the line that it is on in the file as it was."""

    path: str
    line: int
    rule: str


class Added(NamedTuple):
    """What the promises make of the files; how many findings they excuse, and which stay, with the reason."""

    mended: Mended
    excused: int
    left: tuple[Passed, ...]


def add_ignores(request: Request, reason: str, until: str) -> Added:
    """The files with a promise for every finding of a run, in memory.

    Arguments:
        until: the day that they hold until, ISO, or "".
    Errors:
        SetupError for a reason that no comment can hold, a day that is none, and as of a run.
    """
    _check(reason, until, request.today)
    before = outcome = run(request)
    book = _Book(request, before, reason, until)
    ways: dict[_Key, _Way] = {}
    contents: dict[str, bytes] = {}
    while True:
        standing = {book.key(finding) for finding in outcome.report.findings}
        pending = {key for key in standing if ways.get(key) is not _Way.NONE}
        if not pending:
            break
        for key in pending:
            ways[key] = book.way(key, after=ways.get(key))
        contents = book.contents(ways)
        outcome = run(replace(request, overlay={**request.overlay, **contents}))
    originals = {path: before.content(path) for path in contents}
    left = tuple(
        Passed(f"{each.path}:{each.line}", book.why(book.key(each))) for each in outcome.report.findings
    )
    excused = sum(ways.get(book.key(each, first=True)) is not _Way.NONE for each in before.report.findings)
    return Added(Mended(contents, originals, (), before, outcome), excused, left)


def _check(reason: str, until: str, today: date) -> None:
    if not reason.strip() or any(each in reason for each in _UNFIT):
        raise SetupError(
            "--reason is one line without `until=`, `*/` and `-->`", help="say why the findings may stay"
        )
    try:
        if until and date.fromisoformat(until) < today:
            raise SetupError(f"{until} is past", help="name a day to come")
    except ValueError:
        raise SetupError(f"there is no day {until}", help="write a day as YYYY-MM-DD") from None


class _Book:
    """The files of one run, and the promises that they can hold."""

    def __init__(self, request: Request, before: Outcome, reason: str, until: str) -> None:
        self._request, self._before = request, before
        self._reason, self._until = reason.strip(), until
        self._files: dict[str, Commented | None] = {}
        self._added: dict[
            str, list[int]
        ] = {}  # where comments stand in the last contents, by the lines of then

    def key(self, finding: Finding, *, first: bool = False) -> _Key:
        """A finding of the last contents, or of the files as they were."""
        line = finding.line
        if not first:
            for added in self._added.get(finding.path, ()):
                line -= line > added
        return _Key(finding.path, max(line, 1), finding.rule)

    def way(self, key: _Key, after: _Way | None) -> _Way:
        """The narrowest way to excuse a finding that the ways up to `after` do not excuse."""
        return next(way for way in _Way if (after is None or way > after) and self._can(way, key))

    def _can(self, way: _Way, key: _Key) -> bool:
        if way is _Way.NONE:
            return True
        rule = self._before.rules.get(key.rule)
        if rule is None or not rule.suppressible or key.rule.startswith(_OWN):
            return False
        if way is _Way.POLICY:
            return self._policy is not None and "@" not in key.path
        file = self._file(key.path)
        if file is None or not file.takes_any or _SEALED.match(key.path):
            return False
        if way is _Way.FILE:
            return key.line == 1 and file.text({}, [key.rule]) is not None
        return file.stand(key.line) is not None

    def why(self, key: _Key) -> str:
        """Why a finding stays."""
        rule = self._before.rules.get(key.rule)
        if rule is None or key.rule.startswith(_OWN):
            return f"{key.rule} tells of a promise, or of the run itself"
        if not rule.suppressible:
            return f"{key.rule} can only be excused by hand, in the policy"
        if self._policy is None:
            return f"{key.rule}: no comment can stand there, and there is no YAML policy here to excuse it in"
        return f"{key.rule} is still found with a promise"

    def contents(self, ways: Mapping[_Key, _Way]) -> dict[str, bytes]:
        """The files with their promises."""
        above: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        whole: dict[str, set[str]] = defaultdict(set)
        excused: dict[str, set[str]] = defaultdict(set)
        for key, way in ways.items():
            file = self._file(key.path)
            if way is _Way.LINE and file:
                above[key.path][file.stand(key.line) or key.line].add(key.rule)
            elif way is _Way.FILE:
                whole[key.path].add(key.rule)
            elif way is _Way.POLICY:
                excused[key.path].add(key.rule)
        made: dict[str, bytes] = {}
        self._added = {}
        for path in sorted({*above, *whole}):
            file = self._file(path)
            text = file.text(above[path], whole[path]) if file else None
            if text is not None:
                made[path] = bytes_of(text, like=self._before.content(path))
                stands = sorted([*([1] if whole[path] else []), *above[path]])
                self._added[path] = stands
        if excused:
            made |= self._with_excuses(excused, made)
        return made

    def _file(self, path: str) -> Commented | None:
        if path not in self._files:
            source = self._source(path)
            self._files[path] = Commented(source, self._reason, self._until) if source else None
        return self._files[path]

    def _source(self, path: str) -> Source | None:
        try:
            text = text_of(self._before.content(path))
        except (OSError, Skipped):
            return None
        return None if text is None else Source(path, text.removeprefix("\ufeff"))

    @cached_property
    def _policy(self) -> Source | None:
        """The policy file of the repository, where it is the law of this run and excuses can be put in it."""
        request = self._request
        file = find(request.root)
        ours = request.policy is None and not (request.since or request.policy_from or request.staged)
        source = self._source(file.name) if file and ours and file.suffix != ".toml" else None
        try:
            fits = source is not None and with_excuses(source, [self._excuse("a", {"b"})]) is not None
        except Unreadable:
            return None
        return source if fits else None

    def _excuse(self, path: str, rules: set[str]) -> dict[str, Any]:
        """An excuse of these rules in one file, by a glob that means no other."""
        glob = "".join(f"[{each}]" if each in "[*?" else each for each in path)
        until = {"until": self._until} if self._until else {}
        anchored = glob if "/" in glob else f"/{glob}"
        return {"rules": sorted(rules), "paths": [anchored], "reason": self._reason, **until}

    def _with_excuses(self, excused: Mapping[str, set[str]], made: Mapping[str, bytes]) -> dict[str, bytes]:
        if self._policy is None:
            return {}
        path = self._policy.path
        old = made.get(path, self._before.content(path))
        source = Source(path, (text_of(old) or "").removeprefix("\ufeff"))
        text = with_excuses(source, [self._excuse(each, excused[each]) for each in sorted(excused)])
        return {} if text is None else {path: bytes_of(text, like=old)}


def said(added: Added) -> Iterator[str]:
    """What a person is told of it."""
    files = len(added.mended.contents)
    findings = f"{added.excused:,} finding{'' if added.excused == 1 else 's'}"
    yield f"excused {findings} in {files:,} file{'' if files == 1 else 's'}"
    for place, why in added.left:
        yield f"left {place}: {why}"

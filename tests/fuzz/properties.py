"""What must hold of every text: no crash, no hang, places in it, no secret told, fixes that keep it whole."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from runcrew_lint.catalogue import build, words
from runcrew_lint.catalogue.load import load
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine import fix
from runcrew_lint.engine import git as git_
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.reporters import concise, json, rdjson, sarif
from runcrew_lint.reporters import text as text_
from runcrew_lint.reporters.look import Look
from runcrew_lint.text import Source, Span
from tests.fixtures_git import git
from tests.fuzz.readers import REFUSALS, Reader, kinds_of

SLOWEST = 1.0  # CPU seconds that 100 kB, or less, may take
ENDLESS = 30  # CPU seconds after which it is called a hang, and left
_ALL_RULES = 4.0  # a run reads a file as several kinds, and judges; the first one loads its rules, too
_SHOWN = (text_, concise, json, sarif, rdjson)


class Broken(AssertionError):
    """A property that does not hold; `where` tells one fault from another."""

    def __init__(self, where: str, said: str) -> None:
        super().__init__(f"{where}: {said}")
        self.where = where


@contextmanager
def bounded(what: str, length: int, slower: float = 1.0) -> Iterator[None]:
    """Breaks where the body takes too much of this process's own time for so many characters.

    Arguments:
        slower: how much slower than usual this process is, as under a tracer.
    """

    def still_at_work(_signal: int, _frame: object) -> None:
        raise Broken(f"hang in {what}", f"no end after {ENDLESS} s")

    before = signal.signal(signal.SIGVTALRM, still_at_work)
    # Again and again: whoever takes a rule's or a reader's fault down goes on, and takes this one for such.
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS * slower, ENDLESS * slower / 10)
    start = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    took = time.process_time() - start
    if took > SLOWEST * slower * max(1.0, length / 100_000):
        raise Broken(f"slow {what}", f"{took:.1f} s for {length:,} characters")


class _Alone:
    """What a reader may ask for beside its own text: the other files of the small repository."""

    def __init__(self, settings: Any, files: Mapping[str, str]) -> None:
        self.policy, self._files = settings, files

    def consult(self, path: str) -> Source | None:
        return Source(path, self._files[path]) if path in self._files else None


def reads(reader: Reader, text: str, slower: float = 1.0) -> None:
    """The reader's own entry and the readers of all facts that its file may hold.

    Errors:
        Broken, or whatever escapes them.
    """
    with bounded(reader.name, len(text), slower), suppress(*REFUSALS):
        reader.parse(Source(reader.path, text))
    files = reader.files(text)
    for path, content in files.items():
        for kind in kinds_of(path, content):
            with bounded(f"{reader.name}, {kind.name}", len(content), slower):
                fact = _fact(kind, path, content, files)
            if fact is not None:
                _sound(kind, fact, files)


def _fact(kind: FactKind, path: str, text: str, files: Mapping[str, str]) -> Any:
    bound = Bound(kind, _policy())
    try:
        return bound.reader(Source(path, text), _Alone(bound.settings, files))
    except Unreadable as error:
        _within(error.span, text, f"the refusal of {kind.name}")
        return None


@cache
def _policy() -> Policy:
    return load_policy(Path("/"), "runcrew", load().policies)


def _sound(kind: FactKind, fact: Any, files: Mapping[str, str]) -> None:
    """Its places lie in its file, and the cache would give it back as it is."""
    for path, span in _places(fact, fact.path):
        if path in files:
            _within(span, files[path], kind.name)
    fact_type: Any = type(fact)
    codec = codec_of(fact_type)
    if codec.decode(codec.encode(fact)) != fact and fact == fact:  # NaN is no fault of the cache
        raise Broken(f"cache of {kind.name}", "a fact comes back otherwise")


def _within(span: Span, text: str, what: str) -> None:
    if not 0 <= span.start <= span.end <= len(text):
        raise Broken(f"place of {what}", f"{span} in {len(text)} characters")


def _places(value: Any, path: str) -> Iterator[tuple[str, Span]]:
    """Every span in a fact, with the file that the nearest value around it names."""
    if isinstance(value, Span):
        yield path, value
        return
    own = getattr(value, "path", path)
    within = own if isinstance(own, str) else path
    for each in value if isinstance(value, tuple) else ():
        yield from _places(each, within)
    kind: Any = type(value)
    for name in _names(kind):
        yield from _places(getattr(value, name), within)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


def empty(folder: Path) -> Path:
    """A new git repository with nothing in it."""
    root = folder / "empty"
    root.mkdir()
    git(root, "init", "--quiet")
    return root


def remember() -> None:
    """What every run asks is answered once: git, of a repository that stays empty, and the rules' words."""
    ask, known = git_.asked, dict[object, Any]()

    def asked(arguments: list[str], cwd: Path, stdin: str = "") -> Any:
        key = (*arguments, cwd, stdin)
        if key not in known:
            known[key] = ask(arguments, cwd, stdin)
        return known[key]

    git_.asked = asked
    vars(words)["read"] = cache(build.read)


def runs(root: Path, files: Mapping[str, str], secret: str = "", slower: float = 1.0) -> Outcome:
    """A whole run of every rule over a small repository.

    Arguments:
        root: an empty git repository; nothing is written to it.
        secret: a value in the files that no report may show.
        slower: as of `bounded`.
    """
    size = sum(map(len, files.values()))
    request = _request(root, files)
    with bounded("a run", size, _ALL_RULES * slower):
        outcome = run(request)
    sources = {path: Source(path, text) for path, text in files.items()}
    for finding in outcome.report.findings:
        if finding.rule == "rule-crashed":
            raise Broken(finding.message, finding.path)
        lines = len(sources.get(finding.path, Source("", "")).line_starts)
        start, end = finding.region.start, finding.region.end
        if not ((1, 1) <= start <= end and end.line <= lines):
            raise Broken(f"place of {finding.rule}", f"{finding.region} in {lines} lines")
    _told(outcome, secret)
    return outcome


def _request(root: Path, files: Mapping[str, str]) -> Request:
    overlay = {path: text.encode() for path, text in files.items()}
    return Request(root, policy="runcrew", overlay=overlay)


def _told(outcome: Outcome, secret: str) -> None:
    for reporter in _SHOWN:
        shown = reporter.render(outcome, Look())
        if secret and secret in shown:
            raise Broken(f"secret in {reporter.__name__}", "it shows what was planted")


def mends(root: Path, files: Mapping[str, str], secret: str = "") -> int:
    """Every fix: the files read afterwards, and a second time changes nothing; how many were made."""
    request = _request(root, files)
    size = sum(map(len, files.values()))
    with bounded("mending", size, 10 * _ALL_RULES):
        mended = fix.mend(request, unsafe=True)
    unread = {each.path for each in mended.before.report.findings if each.rule.endswith("-unreadable")}
    for finding in mended.outcome.report.findings:
        if finding.rule == "rule-crashed":
            raise Broken(finding.message, finding.path)
        if finding.rule.endswith("-unreadable") and finding.path not in unread:
            raise Broken(f"fix breaks {finding.path.rpartition('.')[2]}", finding.message)
        if any("failed with" in note.text for note in finding.notes):
            raise Broken(
                next(note.text for note in finding.notes if "failed with" in note.text), finding.path
            )
    _told(mended.outcome, secret)
    if secret and secret in "".join(fix.diff(mended)):
        raise Broken("secret in the diff", "it shows what was planted")
    again = fix.mend(replace(request, overlay={**request.overlay, **mended.contents}), unsafe=True)
    if again.contents:
        rules = sorted({each.rule for each in again.before.report.findings if each.fix})
        raise Broken(f"second fix of {', '.join(rules)}", f"{sorted(again.contents)} are not left alone")
    return len(mended.fixes)

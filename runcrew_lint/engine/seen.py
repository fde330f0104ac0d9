"""Where the secrets of a file stand, whichever rules are on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.secrets.shape import is_guessable
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.cache import Cache, digest_of, key_of
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import EnvFiles, Policy, Secrets
from runcrew_lint.text import Source, Span

SHORTEST = 6  # characters of a value that is looked for in other words
_FAILED = Span(0, 0)  # beside the whole text: our own reader fails on it; a file may well be one secret
_WORD = lazily(rf"""[^\s"'`=:@/,;()]{{{SHORTEST},}}""")


class Seen:
    """The secrets of the files that a run speaks of. Their places are kept between runs, and no value is.

    Arguments:
        cache: where they are kept; None for nowhere. Once it is closed, what was not asked for is found anew.
    """

    def __init__(self, policy: Policy, cache: Cache | None = None) -> None:
        self._find = _finder(policy.secrets, policy.env_files)
        self._tag = f"{Bound(KINDS['secrets'], policy).tag}-spans"
        self._cache = cache if cache and cache.is_open else None
        self._spans: dict[bytes, frozenset[Span]] = {}

    def spans(self, source: Source) -> frozenset[Span]:
        """Where a file's secrets stand; the whole text where our own reader fails on it."""
        key = source.derive(self._key)
        if key not in self._spans:
            self.fetch([source])
        return self._spans[key]

    def values(self, source: Source) -> tuple[str, ...]:
        """The secrets themselves, for comparison alone: each line of one that has several, the longest first.

        What anyone can guess (`password`) is in too many words to be looked for. Of a file that our reader
        fails on, each word may be one that is not plainly a word.
        """
        return source.derive(self._values)

    def fetch(self, sources: Iterable[Source]) -> None:
        """Finds those of several files at once."""
        asked = {key: each for each in sources if (key := each.derive(self._key)) not in self._spans}
        rows = self._cache.rows(asked) if self._cache else {}
        for key, source in asked.items():
            row = rows.get(key)
            kept = _spans_of(row.value, len(source.text)) if row else None
            self._spans[key] = source.derive(self._find) if kept is None else kept
            if kept is None and self._cache and _FAILED not in self._spans[key]:
                self._cache.store(key, {}, sorted(self._spans[key]))

    def _key(self, source: Source) -> bytes:
        """What its spans rest on: the very text, wherever it comes from."""
        return key_of(source.path, self._tag, digest_of(source.text.encode("utf-8", "surrogatepass")))

    def _values(self, source: Source) -> tuple[str, ...]:
        spans = self.spans(source)
        values = {
            line
            for start, end in spans
            if not is_guessable(source.text[start:end])
            for line in source.text[start:end].splitlines()
            if len(line) >= SHORTEST
        }
        if _FAILED in spans:
            words = _WORD.findall(source.text)
            values.update(word for word in words if not (word.isalpha() and word.islower()))
        return tuple(sorted(values, key=len, reverse=True))


def _spans_of(value: Any, end: int) -> frozenset[Span] | None:
    """What a row of the cache says; None where it says nothing that can be."""
    if type(value) is not list:
        return None
    try:
        spans = frozenset(Span(*each) for each in value)
    except TypeError:
        return None
    whole = all(type(each) is int for span in spans for each in span)
    return spans if whole and all(0 <= span.start <= span.end <= end for span in spans) else None


@cache
def _finder(secrets: Secrets, env_files: EnvFiles) -> Callable[[Source], frozenset[Span]]:
    reading = _Under(Policy("", secrets=secrets, env_files=env_files))

    def find(source: Source) -> frozenset[Span]:
        from runcrew_lint.domains.secrets.read import read  # a clean run shows no file

        try:
            fact = read(source, reading)
        except Exception:  # a fault of ours must not show what it fails to cover
            return frozenset({Span(0, len(source.text)), _FAILED})
        return frozenset(use.span for use in fact.uses) if fact else frozenset()

    return find


class _Under:
    """What the secrets' reader may ask for: the policy alone."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def consult(self, path: str) -> Source | None:
        """Nothing: a file's secrets are its own."""
        return None

"""Where the secrets of a file stand, whichever rules are on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from runcrew_lint.domains.secrets.shape import is_guessable
from runcrew_lint.policy.model import EnvFiles, Policy, Secrets
from runcrew_lint.text import Source, Span

SHORTEST = 6  # characters of a value that is looked for in other words
_WORD = re.compile(rf"""[^\s"'`=:@/,;()]{{{SHORTEST},}}""")


def spans_in(source: Source, policy: Policy) -> frozenset[Span]:
    """Where the file's secrets stand; the whole text where our own reader fails on it."""
    return source.derive(_finder(policy.secrets, policy.env_files))


def values_in(source: Source, policy: Policy) -> tuple[str, ...]:
    """The secrets themselves, for comparison alone: each line of one that has several, the longest first.

    What anyone can guess (`password`) is in too many words to be looked for. Of a file that our reader fails
    on, each word may be one that is not plainly a word.
    """
    spans = spans_in(source, policy)
    values = {
        line
        for start, end in spans
        if not is_guessable(source.text[start:end])
        for line in source.text[start:end].splitlines()
        if len(line) >= SHORTEST
    }
    if Span(0, len(source.text)) in spans:
        values.update(word for word in _WORD.findall(source.text) if not (word.isalpha() and word.islower()))
    return tuple(sorted(values, key=len, reverse=True))


@cache
def _finder(secrets: Secrets, env_files: EnvFiles) -> Callable[[Source], frozenset[Span]]:
    reading = _Under(Policy("", secrets=secrets, env_files=env_files))

    def find(source: Source) -> frozenset[Span]:
        from runcrew_lint.domains.secrets.read import read  # a clean run shows no file

        try:
            fact = read(source, reading)
        except Exception:  # a fault of ours must not show what it fails to cover
            return frozenset({Span(0, len(source.text))})
        return frozenset(use.span for use in fact.uses) if fact else frozenset()

    return find


class _Under:
    """What the secrets' reader may ask for: the policy alone."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def consult(self, path: str) -> Source | None:
        """Nothing: a file's secrets are its own."""
        return None

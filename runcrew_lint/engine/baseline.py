"""The findings that a team had when it began: kept in a file, and not reported again."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.fingerprint import Fingerprint
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.model import Policy

FILE = ".runcrew-lint-baseline.json"
VERSION = 1
# What says that the run itself is not to be trusted is always reported.
NEVER = frozenset(("rule-crashed", "policy-weakened"))

Counts = Mapping[Fingerprint, int]


class Baseline:
    """What is left of a baseline while a run uses it up."""

    def __init__(self, counts: Counts, path: str = FILE) -> None:
        self.counts, self.path = counts, path
        self._left = Counter(counts)
        self._places = frozenset((each.path, each.rule) for each in counts)

    def may_hold(self, path: str, rule: str) -> bool:
        """Whether any entry is of this file and rule: most findings need no fingerprint."""
        return (path, rule) in self._places

    @property
    def taken(self) -> int:
        """How many findings it stood for."""
        return sum(self.counts.values()) - sum(self._left.values())

    def takes(self, finding: Fingerprint) -> bool:
        """Whether an entry stands for this finding; each stands for as many as it counts."""
        if self._left[finding] <= 0:
            return False
        self._left[finding] -= 1
        return True

    @property
    def stale(self) -> Counts:
        """The entries, or the part of their counts, that no finding has used."""
        return {each: left for each, left in self._left.items() if left > 0}


def path_of(policy: Policy) -> str:
    """Where the baseline lies: where the policy says, else in the default file."""
    return policy.baseline or FILE


def load(root: Path, policy: Policy) -> Baseline | None:
    """The repository's baseline, None where there is none.

    Errors:
        SetupError for one that does not read, or that the policy names and nobody has made.
    """
    path = path_of(policy)
    if not os.path.lexists(root / path):
        if policy.baseline:
            raise SetupError(f"there is no baseline {path}", help="`runcrew-lint baseline create` makes it")
        return None
    try:
        content, _ = Disk(root).read(path)
    except (OSError, Skipped) as error:
        raise SetupError(f"the baseline can't be read: {error}", where=path) from None
    return parse(content, path)


def parse(content: bytes, path: str) -> Baseline:
    """A baseline's text.

    Errors:
        SetupError for what is none.
    """
    try:
        data = json.loads(content)
        version = data["version"]
        counts = Counter({_key(each): _count(each) for each in data["findings"]})
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SetupError(
            "this is no baseline", where=path, help="`runcrew-lint baseline update` writes it anew"
        ) from None
    if version != VERSION:
        raise SetupError(f"a baseline of version {version} is not known here", where=path)
    return Baseline(counts, path)


def _key(entry: Any) -> Fingerprint:
    key = Fingerprint(entry["path"], entry["rule"], entry["text"])
    if not all(isinstance(part, str) for part in key):
        raise TypeError("not three texts")
    return key


def _count(entry: Any) -> int:
    count = entry.get("count", 1)
    if not isinstance(count, int) or count < 1:
        raise TypeError("no count")
    return count


def text_of(counts: Counts) -> str:
    """The file: sorted, an entry a line, so that two branches' changes merge."""
    lines = ",\n".join(f"    {line}" for line in _lines(counts))
    body = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {body}\n}}\n'


def _lines(counts: Counts) -> Iterator[str]:
    for key in sorted(counts):
        entry: dict[str, Any] = {"path": key.path, "rule": key.rule, "text": key.text}
        if counts[key] > 1:
            entry["count"] = counts[key]
        yield json.dumps(entry)


def counted(found: Iterable[Fingerprint]) -> Counts:
    """The findings of a run as a baseline keeps them."""
    return Counter(each for each in found if each.rule not in NEVER)

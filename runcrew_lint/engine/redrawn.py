"""A map's text, kept while nothing that it rests on has changed: as `recall` keeps a run's verdicts.

It rests on the policy, the rules, the day, the listing, the files of the kinds that were read, and those that
their readers consulted. A text that repeats a secret of such a file is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runcrew_lint.domains.kinds import KINDS, own
from runcrew_lint.engine.cache import Cache, key_of, tag_of
from runcrew_lint.engine.discover import Tree
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.seen import values_in
from runcrew_lint.policy.model import Policy


class Redrawn:
    """The text of the last map of this root, drawn in this way."""

    def __init__(self, cache: Cache, tree: Tree, files: Files, policy: Policy, rests_on: str) -> None:
        """`rests_on` says everything that is not a file."""
        self._cache, self._tree, self._files, self._policy = cache, tree, files, policy
        self._key = key_of(str(tree.root.resolve()), tag_of("map", 0, rests_on), b"")

    def get(self) -> str | None:
        """The text, if all that it rests on is as it was."""
        row = self._cache.rows([self._key]).get(self._key) if self._cache.is_open else None
        value: Any = row.value if row else None
        if row is None or not isinstance(value, list) or len(value) != 3:
            return None
        kinds, stamp, text = value
        if stamp != self._stamp(kinds) or any(self._digest(path) != digest for path, digest in row.consulted):
            return None
        return str(text)

    def put(self, text: str, kinds: Iterable[str], consulted: Mapping[str, str | None]) -> None:
        """Keeps the text; `kinds` are those that were read."""
        names = sorted(kinds)
        if self._cache.is_open and not self._repeats_a_secret(text, names, consulted):
            self._cache.store(self._key, consulted, [names, self._stamp(names), text])

    def _stamp(self, kinds: Iterable[str]) -> str:
        stamp = hashlib.blake2b(digest_size=16)
        stamp.update("\0".join(self._tree.paths).encode("utf-8", "surrogateescape"))
        for path in self._read(kinds):
            stamp.update(self._files.digest(path) or b"-")
        return stamp.hexdigest()

    def _read(self, kinds: Iterable[str]) -> Iterator[str]:
        for kind in kinds:
            yield from own(filter(KINDS[kind].claims.match, self._tree.paths))

    def _digest(self, path: str) -> str | None:
        digest = self._files.digest(path) if path in self._tree.stats else None
        return digest.hex() if digest else None

    def _repeats_a_secret(self, text: str, kinds: Iterable[str], consulted: Iterable[str]) -> bool:
        for path in {*self._read(kinds), *consulted}.intersection(self._tree.stats):
            try:
                values = values_in(self._files.text(path), self._policy)
            except (OSError, Skipped):
                continue
            if any(value in text for value in values):
                return True
        return False

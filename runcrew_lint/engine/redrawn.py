"""A map's text, kept while nothing that it rests on has changed: as `recall` keeps a run's verdicts.

It rests on the policy, the rules, the day, the listing, the files of the kinds that were read, and those that
their readers consulted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from runcrew_lint.digests import blake2b
from runcrew_lint.domains.claims import own
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.cache import Cache, key_of, tag_of
from runcrew_lint.engine.discover import Tree
from runcrew_lint.engine.files import Files


class Redrawn:
    """The text of the last map of this root, drawn in this way."""

    def __init__(self, cache: Cache, tree: Tree, files: Files, rests_on: str) -> None:
        """`rests_on` says everything that is not a file."""
        self._cache, self._tree, self._files = cache, tree, files
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
        if self._cache.is_open:
            self._cache.store(self._key, consulted, [names, self._stamp(names), text])

    def _stamp(self, kinds: Iterable[str]) -> str:
        stamp = blake2b(digest_size=16)
        stamp.update("\0".join(self._tree.paths).encode("utf-8", "surrogateescape"))
        for path in read_by(kinds, self._tree.paths):
            stamp.update(self._files.digest(path) or b"-")
        return stamp.hexdigest()

    def _digest(self, path: str) -> str | None:
        digest = self._files.digest(path) if path in self._tree.stats else None
        return digest.hex() if digest else None


def read_by(kinds: Iterable[str], paths: Sequence[str]) -> Iterator[str]:
    """The files that these kinds are read from; one may come twice."""
    for kind in kinds:
        yield from own(filter(KINDS[kind].claims.match, paths))

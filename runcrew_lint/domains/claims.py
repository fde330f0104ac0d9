"""Which files may hold which kind of fact, by their paths alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runcrew_lint.domains.kinds import EVERY, KINDS, FactKind

# Other people's code, whatever it looks like.
_VENDORED = ("/node_modules/", "/.venv/", "/site-packages/", "/vendor/")


def own(paths: Iterable[str]) -> list[str]:
    """The files that some kind claims: all but other people's code."""
    paths = list(paths)
    together = "/" + "\n/".join(paths)
    if not any(folder in together for folder in _VENDORED):
        return paths
    return [path for path in paths if not any(folder in f"/{path}" for folder in _VENDORED)]


class Claims(Mapping[str, list[str]]):
    """The files that may hold each kind, found when a kind is asked for: few runs need all."""

    def __init__(self, paths: Iterable[str], kinds: Mapping[str, FactKind] = KINDS) -> None:
        self.paths, self.kinds = own(paths), kinds
        self._found: dict[str, list[str]] = {}

    def beside(self, more: Mapping[str, FactKind]) -> Claims:
        """The same files with further kinds, which other claims on them do not know."""
        if not more:
            return self
        claims = Claims((), {**self.kinds, **more})
        claims.paths, claims._found = self.paths, dict(self._found)
        return claims

    def __getitem__(self, name: str) -> list[str]:
        if name not in self._found:
            claims = self.kinds[name].claims
            self._found[name] = self.paths if claims is EVERY else list(filter(claims.match, self.paths))
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)


def claimed(paths: Iterable[str]) -> Claims:
    """The files that may hold each kind."""
    return Claims(paths)

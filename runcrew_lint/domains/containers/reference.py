"""Image references: `registry:port/repository:tag@digest`.

Source: the reference grammar of the distribution project (github.com/distribution/reference).
"""

from __future__ import annotations

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_REFERENCE = lazily(
    r"(?P<name>[^\s:@]+(?::\d+/[^\s:@]+)?)(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>[\w+.-]+:[0-9a-fA-F]{32,}))?"
)
# Tags that a project moves with each of its builds, or with each version.
_MOVING = frozenset({"", "latest", "stable", "nightly", "edge", "canary", "main", "master"})


class Reference(NamedTuple):
    """The parts of a reference; `tag` and `digest` are empty where it has none."""

    name: str
    tag: str
    digest: str

    @property
    def is_pinned(self) -> bool:
        """Whether it names one version: a digest, or any tag but those that move with each build."""
        return bool(self.digest) or self.tag not in _MOVING

    @property
    def is_release(self) -> bool:
        """Whether its tag follows what the project has released, and nothing else."""
        return not self.digest and self.tag == "stable"

    @property
    def short_name(self) -> str:
        """The last step of the name, in small letters: `postgis` of `postgis/postgis`."""
        return self.name.rpartition("/")[2].lower()


def parse(text: str) -> Reference | None:
    """The parts of a reference, or None where it is none."""
    match = _REFERENCE.fullmatch(text)
    return Reference(match["name"], match["tag"] or "", match["digest"] or "") if match else None

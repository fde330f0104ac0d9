"""What manifests and the files that name versions say, as plain values."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Pin(NamedTuple):
    """A version, or a range, of one thing.

    `subject` is `python`, `node`, or a package's name in small letters with hyphens; `written` is "" for a
    package of which no version is said.
    """

    subject: str
    written: str
    span: Span


class Hook(NamedTuple):
    """One repository of pre-commit's, with the ids of its hooks; `rev` is "" for a local one."""

    repository: str
    rev: str
    span: Span
    ids: tuple[str, ...]
    entries: tuple[str, ...]


@frozen
class OwnName:
    """A manifest at the root that says where the repository lies on GitHub: `name` is `owner/name`."""

    path: str
    name: str


@frozen
class Pins:
    """One file that says versions: .python-version, .nvmrc, package.json, pyproject.toml, requirements.txt,
    .pre-commit-config.yaml.
    """

    path: str
    pins: tuple[Pin, ...]
    hooks: tuple[Hook, ...] = ()

    @property
    def directory(self) -> str:
        """Its folder from the root, "" at the root."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    def pin(self, subject: str) -> Pin | None:
        """What it says of one thing."""
        return next((each for each in self.pins if each.subject == subject), None)

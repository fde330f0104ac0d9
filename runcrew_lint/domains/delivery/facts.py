"""What a package.json says of scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.mentions import Mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.text import Span


class PackageScript(NamedTuple):
    """One entry of `scripts`; `statements` is None where it mentions nothing that may deliver."""

    name: str
    name_span: Span
    span: Span
    mentions: Mentions
    statements: tuple[Statement, ...] | None


@dataclass(frozen=True, slots=True)
class Package:
    """One package.json."""

    path: str
    name: str
    scripts: tuple[PackageScript, ...]
    shell_scripts: tuple[ShellScript, ...]

    @property
    def directory(self) -> str:
        """Its folder from the root, "" at the root."""
        return self.path.rpartition("/")[0]

    def script(self, name: str) -> PackageScript | None:
        """The script of that name."""
        return next((each for each in self.scripts if each.name == name), None)

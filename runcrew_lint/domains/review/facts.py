"""What the repository says of reviews, as plain values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from runcrew_lint.model.frozen import frozen
from runcrew_lint.text import Span


class Owners(NamedTuple):
    """One line of CODEOWNERS; without owners it takes the files from whoever an earlier line gave them to."""

    pattern: str
    owners: tuple[str, ...]
    span: Span


@frozen
class CodeOwners:
    """One CODEOWNERS file, its lines in order; `end` is behind its last character."""

    path: str
    lines: tuple[Owners, ...]
    end: Span

    def line_of(self, path: str) -> Owners | None:
        """The last line that matches a file: the one that counts."""
        return next((each for each in reversed(self.lines) if _pattern(each.pattern).match(path)), None)


@frozen
class BranchRule:
    """One branch as code protects it.

    Arguments:
        branches: the names or globs it holds for, `~DEFAULT_BRANCH` and `~ALL` as GitHub writes them.
        reviews: the approvals it asks for, None where it asks for none at all.
    """

    path: str
    branches: tuple[str, ...]
    reviews: int | None
    span: Span


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    """A CODEOWNERS pattern: as in .gitignore, but that `dir/*` does not reach deeper (GitHub's "About code
    owners").
    """
    anchored = "/" in pattern.rstrip("/")
    body = re.sub(
        r"\*\*/|/\*\*\Z|\*\*|\*|\?|.",
        lambda found: (
            {
                "**/": "(?:.*/)?",
                "/**": "/.*",
                "**": ".*",
                "*": "[^/]*",
                "?": "[^/]",
            }.get(found[0])
            or re.escape(found[0])
        ),
        pattern.strip("/"),
    )
    ends = "" if pattern.endswith("/*") else "(?:/.*)?"
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{body}{ends}\\Z")

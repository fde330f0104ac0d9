"""What a `uses` names: whose code, and how firmly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_SHA = lazily(r"(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})\Z")
_SHORT_SHA = lazily(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{7,39}\Z")
# v4, 1.2.3, codeql-bundle-v2.16, refs/tags/v1; a folder such as releases/v1 is a branch.
_TAG = lazily(r"(?:refs/tags/.+|(?!refs/)[^/]*?(?:\A|[-_.a-z])\d[^/]*)\Z", re.IGNORECASE)


class Hold(StrEnum):
    """How firmly a reference holds what it names."""

    COMMIT = "commit"
    SHORT_COMMIT = "short commit"
    TAG = "tag"
    BRANCH = "branch"
    IMAGE_TAG = "image tag"


class Reference(NamedTuple):
    """Somebody's code at a ref; `name` is `owner/repository/path`, or an image's name."""

    name: str
    ref: str
    hold: Hold

    @property
    def repository(self) -> str:
        """`owner/repository`."""
        return "/".join(self.name.split("/")[:2])

    @property
    def path(self) -> str:
        """What it names in that repository."""
        return "/".join(self.name.split("/")[2:])

    @property
    def is_workflow(self) -> bool:
        """Whether it is a reusable workflow."""
        return "/.github/workflows/" in self.name

    def is_of(self, owners: Iterable[str]) -> bool:
        """Whether it belongs to one of these owners or repositories (`owner/repository`)."""
        mine = (self.name.partition("/")[0].lower(), self.repository.lower())
        return self.hold is not Hold.IMAGE_TAG and any(each.lower() in mine for each in owners)


def reference(uses: str) -> Reference | None:
    """What a `uses` names; None for what lies in the repository itself, and for what names no ref."""
    uses = uses.strip()  # a block scalar ends in a line break
    if uses.startswith(("./", "../", ".\\", "$")) or "${{" in uses:
        return None
    if uses.lower().startswith("docker://"):
        image, _, digest = uses[len("docker://") :].partition("@")
        return Reference(image, digest, Hold.COMMIT if digest else Hold.IMAGE_TAG)
    name, _, ref = uses.partition("@")
    return Reference(name, ref, _hold(ref)) if ref and "/" in name else None


def _hold(ref: str) -> Hold:
    if _SHA.match(ref):
        return Hold.COMMIT
    if _SHORT_SHA.match(ref):
        return Hold.SHORT_COMMIT
    return Hold.TAG if _TAG.match(ref) else Hold.BRANCH

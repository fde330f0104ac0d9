"""What the repository says of reviews, as plain values."""

from __future__ import annotations

from collections.abc import Iterable

from runcrew_lint.domains.review.globs import owner_glob
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


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

    def counting(self, path: str) -> int:
        """The number of the last line that matches a file, the one that counts; -1 for none."""
        last = len(self.lines) - 1
        return next((at for at in range(last, -1, -1) if covers(self.lines[at].pattern, path)), -1)

    def line_of(self, path: str) -> Owners | None:
        """The last line that matches a file: the one that counts."""
        at = self.counting(path)
        return self.lines[at] if at >= 0 else None


class RequiredCheck(NamedTuple):
    """A check that must pass; `app` is the number of the app that must report it, None where any may."""

    name: str
    app: int | None
    span: Span


class Bypass(NamedTuple):
    """Who need not follow the rules, in GitHub's words; `always`: not even by a pull request."""

    who: str
    always: bool
    span: Span


@frozen
class BranchRule:
    """What one ruleset, or one entry of the Settings app, asks of its branches.

    Arguments:
        branches: the names or globs it holds for, `~DEFAULT_BRANCH` and `~ALL` as GitHub writes them.
        excluded: those that it leaves out.
        reviews: the approvals it asks for, None where it asks for no pull request at all.
        span: where the approvals are said, else the name.
        force_pushes, deletions: whether it lets them through.
    """

    branches: tuple[str, ...]
    excluded: tuple[str, ...]
    reviews: int | None
    span: Span
    checks: tuple[RequiredCheck, ...] = ()
    force_pushes: bool = True
    deletions: bool = True
    bypasses: tuple[Bypass, ...] = ()

    def covers(self, branch: str, default: str) -> bool:
        """Whether it holds for a branch; `default` is the default branch's name."""
        return _named(self.branches, branch, default) and not _named(self.excluded, branch, default)


class Idle(NamedTuple):
    """A ruleset that holds nobody back: its enforcement is `evaluate` (it only counts) or `disabled`."""

    branches: tuple[str, ...]
    excluded: tuple[str, ...]
    enforcement: str
    span: Span

    def covers(self, branch: str, default: str) -> bool:
        """Whether it would hold for a branch, if it were active."""
        return _named(self.branches, branch, default) and not _named(self.excluded, branch, default)


@frozen
class BranchRules:
    """One file that protects branches: a ruleset, or what the Settings app is told.

    An active ruleset is in `rules`, any other in `idle`.
    """

    path: str
    rules: tuple[BranchRule, ...]
    idle: tuple[Idle, ...] = ()


def required_by(files: Iterable[BranchRules], branch: str, default: str) -> set[str] | None:
    """The checks that must pass before a change comes into a branch; None where no rules are for it."""
    found = [each for file in files for each in file.rules if each.covers(branch, default)]
    return {check.name for each in found for check in each.checks} if found else None


class Section(NamedTuple):
    """One heading, and whether what stands below it names compose and an env file."""

    title: str
    span: Span
    names_compose: bool
    names_env: bool


@frozen
class Readme:
    """The README at the root."""

    path: str
    sections: tuple[Section, ...]


def _named(patterns: tuple[str, ...], branch: str, default: str) -> bool:
    plain = [each for each in patterns if not each.startswith("~")]
    if "~ALL" in patterns or ("~DEFAULT_BRANCH" in patterns and branch == default):
        return True
    return matches(plain, branch)


ORDER = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


def counting(files: Iterable[CodeOwners]) -> CodeOwners | None:
    """The one CODEOWNERS that counts: GitHub takes the first of its three places."""
    found = {each.path: each for each in files}
    return next((found[path] for path in ORDER if path in found), None)


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern of CODEOWNERS takes in a file."""
    return owner_glob(pattern)(path)

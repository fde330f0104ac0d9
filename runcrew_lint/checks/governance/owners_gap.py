"""owners-gap: files whose change ought to be seen by somebody who answers for them, and that nobody owns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.review.facts import CodeOwners, counting, covers
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy, *, owned: Sequence[str] = ()) -> Iterator[Fault]:
    """One fault a group of files that the policy wants owned; without a CODEOWNERS nothing is said."""
    owners = counting(repository.facts(CodeOwners))
    if owners is None:
        return
    for glob in owned:
        found = [path for path in repository.worktree.paths if covers(_pattern(glob), path)]
        free = [path for path in found if not _is_owned(owners, path)]
        if not free:
            continue
        line = owners.line_of(free[0])
        why = f"`{line.pattern}` takes it from all owners" if line is not None else "no line matches it"
        more = f" and {len(free) - 1} more" if len(free) > 1 else ""
        yield Fault(
            Place(owners.path, line.span if line is not None else owners.end),
            f"{free[0]}{more} has no owner ({why}), and the policy wants {glob} owned: who changes it "
            "need not ask anybody who knows it",
            help=f"add `{_pattern(glob)} @owner` to {owners.path}",
        )


def _is_owned(owners: CodeOwners, path: str) -> bool:
    line = owners.line_of(path)
    return line is not None and bool(line.owners)


def _pattern(glob: str) -> str:
    """The policy's glob as a line of CODEOWNERS."""
    return f"/{glob.removesuffix('**')}" if "/" in glob else glob

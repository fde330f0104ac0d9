"""migrations-unreviewed: a migration that comes in without anybody's look at it."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.review.facts import BranchRules, CodeOwners, counting
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a history without an owner, and one a branch whose protection asks for no review.

    A repository with no .github and no CODEOWNERS does not say where it is reviewed: nothing is said.
    """
    lineages = [each for each in repository.derive(history_of).lineages if each.order]
    if not lineages:
        return
    owners = counting(repository.facts(CodeOwners))
    if owners is not None or any(path.startswith(".github/") for path in repository.worktree.paths):
        for lineage in lineages:
            yield from _unowned(lineage, owners)
    yield from _unreviewed(repository.facts(BranchRules), policy)


def _unowned(lineage: Lineage, owners: CodeOwners | None) -> Iterator[Fault]:
    youngest = lineage.order[-1]
    folder = dirname(youngest.path)
    if owners is None:
        yield Fault(
            Place(youngest.path, youngest.revision_span),
            f"no CODEOWNERS gives {folder}/ to anybody, so a migration is merged without a look at it",
        )
        return
    line = owners.line_of(youngest.path)
    if line is not None and line.owners:
        return
    why = f"`{line.pattern}` takes it from all owners" if line is not None else "no line matches it"
    yield Fault(
        Place(owners.path, line.span if line is not None else owners.end),
        f"{folder}/ has no owner ({why}), so a migration is merged without a look at it",
        related=(Related(Place(youngest.path, youngest.revision_span), "such a migration"),),
        help=f"add `/{folder}/ @owner` to {owners.path}",
    )


def _unreviewed(files: tuple[BranchRules, ...], policy: Policy) -> Iterator[Fault]:
    """Branches that are protected, and by nobody's review."""
    rules = [(file.path, rule) for file in files for rule in file.rules]
    reviewed = {branch for _, rule in rules if rule.reviews for branch in rule.branches}
    for path, rule in rules:
        left = [each for each in rule.branches if each not in reviewed and _is_shared(each, policy)]
        if left and not rule.reviews and "~ALL" not in reviewed:
            yield Fault(
                Place(path, rule.span),
                f"the protection of {left[0]} asks for no approval, so a migration comes in unseen",
                help="ask for at least one approving review",
            )


def _is_shared(branch: str, policy: Policy) -> bool:
    """Whether a deploy comes from the branch, as far as names tell: not a person's own."""
    return branch in ("~DEFAULT_BRANCH", "~ALL", "main", "master", *policy.branches)

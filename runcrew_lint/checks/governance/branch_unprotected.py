"""branch-unprotected: a branch that is deployed from, and that anyone may write to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.review.branches import default_of, rules_of, shared_branches
from runcrew_lint.domains.review.facts import BranchRules, Bypass
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

# Roles of a repository by number, as GitHub exports them; those of an organisation have numbers of their own.
_ROLES = {2: "maintain", 4: "write", 5: "admin"}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a branch without rules, and one for all that is missing in those that it has."""
    files = repository.facts(BranchRules)
    if not files:
        return  # rules that are kept on GitHub alone are not known
    for branch in shared_branches(policy):
        found = list(rules_of(files, branch, default_of(repository)))
        if not found:
            yield _unruled(files, branch, default_of(repository))
            continue
        lacks = []
        if all(rule.reviews is None for _, rule in found):
            lacks.append("asks for no pull request")
        elif not any(rule.reviews for _, rule in found):
            lacks.append("asks for no approval")
        if all(rule.force_pushes for _, rule in found):
            lacks.append("lets force pushes through")
        if all(rule.deletions for _, rule in found):
            lacks.append("lets it be deleted")
        path, first = found[0]
        if lacks:
            yield Fault(
                Place(path, first.span),
                f"the protection of {branch} {_joined(lacks)}",
                tuple(Related(Place(other, rule.span), "this is for it, too") for other, rule in found[1:]),
                help="add the rules `pull_request` with an approval, `non_fast_forward` and `deletion`",
            )
        for path, rule in found:
            for each in rule.bypasses:
                if wide := _wide(each):
                    yield Fault(
                        Place(path, each.span),
                        f"{wide} may push to {branch} past every rule: the protection holds for nobody "
                        "who could do harm",
                        help='`"bypass_mode": "pull_request"`, or take the entry out',
                    )


def _unruled(files: Sequence[BranchRules], branch: str, default: str) -> Fault:
    """At the ruleset that would be for the branch, else at the first file."""
    idle = [(file.path, each) for file in files for each in file.idle if each.covers(branch, default)]
    if idle:
        path, each = idle[0]
        does = (
            "counts what it would have refused and lets it through"
            if each.enforcement == "evaluate"
            else "is off"
        )
        return Fault(
            Place(path, each.span),
            f"the ruleset for {branch}, which the policy deploys from, is `{each.enforcement}`: it {does}, "
            "so anyone who can write may push",
            help='`"enforcement": "active"`',
        )
    covered = [each.branches for file in files for each in file.rules]
    covered += [each.branches for file in files for each in file.idle]
    named = sorted({name for names in covered for name in names})
    return Fault(
        Place(files[0].path, Span(0, 0)),
        f"no active ruleset is for {branch}, which the policy deploys from (they are for "
        f"{', '.join(named)}): anyone who can write may push to it",
        help=f"a ruleset for refs/heads/{branch}, or add it to this one's `include`",
    )


def _joined(lacks: list[str]) -> str:
    return lacks[0] if len(lacks) == 1 else f"{', '.join(lacks[:-1])} and {lacks[-1]}"


def _wide(each: Bypass) -> str:
    """Who may bypass it always, where these are many."""
    if not each.always:
        return ""
    kind, _, number = each.who.partition(" ")
    if kind == "RepositoryRole" and int(number or 0) in (2, 4):
        return f"everyone with the role `{_ROLES[int(number)]}`"
    return ""

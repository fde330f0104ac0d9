"""required-check-skippable: a required check that a filter or a condition may keep from running."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.review.branches import required_on, ruled_branches
from runcrew_lint.domains.review.contexts import CheckContext, Why, contexts_on
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_HURTS = {
    Why.PATHS: "where nothing of these is changed it never reports, and the pull request waits for ever",
    Why.TYPES: "a new commit does not start it, so it never reports and the request waits for ever",
    Why.CONDITION: "where it is false the job is skipped, which counts as success",
    Why.NEEDS: "where that job is skipped so is this one, which counts as success",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a check that every job which reports it may leave out."""
    seen: set[Place] = set()
    for branch in ruled_branches(repository):
        contexts = contexts_on(repository, branch)
        for name, (_, place) in required_on(repository, branch).items():
            named = [each for each in contexts if each.is_named(name)]
            if not named or any(not each.skips for each in named) or _complete(named):
                continue
            skip = named[0].skips[0]
            if skip.place in seen:
                continue
            seen.add(skip.place)
            yield Fault(
                skip.place,
                f"`{name}` is required on {branch} and `{skip.text}` may keep it from running: "
                f"{_HURTS[skip.why]}",
                (Related(place, "it is required here"),),
                help="drop the filter, or require a job that `needs` this one, runs `if: always()` and "
                "checks its result",
            )


def _complete(named: list[CheckContext]) -> bool:
    """Whether one workflow reports it where another, by the opposite filter, does not."""
    kinds = {each.skips[0].text.partition(":")[0] for each in named if each.skips}
    return len({each.workflow for each in named}) > 1 and {"paths", "paths-ignore"} <= kinds

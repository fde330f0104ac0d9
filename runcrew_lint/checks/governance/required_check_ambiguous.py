"""required-check-ambiguous: two jobs that report one required check."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.review.branches import required_on, ruled_branches
from runcrew_lint.domains.review.contexts import contexts_on
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the second of two jobs; two of opposite path filters stand in for each other on
    purpose.
    """
    seen: set[Place] = set()
    for branch in ruled_branches(repository):
        contexts = [each for each in contexts_on(repository, branch) if not each.is_open]
        for name, (_, place) in required_on(repository, branch).items():
            named = [each for each in contexts if each.name == name]
            places = list(dict.fromkeys(each.place for each in named))
            filtered = [each for each in named if any(skip.why == "paths" for skip in each.skips)]
            if len(places) < 2 or places[1] in seen or len(filtered) > 1:
                continue
            seen.add(places[1])
            yield Fault(
                places[1],
                f"two jobs report the check `{name}`, which {branch} requires: which of the two has to "
                "pass is decided by which of them ends last",
                (Related(places[0], "the other job"), Related(place, "it is required here")),
                help="give one of the jobs another name",
            )

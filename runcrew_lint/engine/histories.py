"""The migration histories of a repository, read without judging them."""

from __future__ import annotations

from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.engine.discover import within
from runcrew_lint.engine.glimpse import glimpsed
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.model import Policy

READ = tuple(kind for kind, row in KINDS.items() if row.reader.startswith("migrations."))


def drawn(request: Request) -> tuple[History, Policy]:
    """The histories whose revisions lie in the targets, and the policy.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    found = glimpsed(
        request, READ, lambda kind, path: kind.fact != "Migration" or within(path, request.targets)
    )
    return history_of(found.repository), found.policy

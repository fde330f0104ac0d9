"""The environment contract of a repository, drawn without judging it."""

from __future__ import annotations

from runcrew_lint.domains.environment.contract import Contract, contract_of
from runcrew_lint.engine.discover import within
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.glimpse import glimpsed
from runcrew_lint.engine.run import Request

READ = ("env-use", "env-file")


def drawn(request: Request) -> tuple[Contract, Files]:
    """The table of the targets, and the files that its places lie in.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    found = glimpsed(request, READ, lambda _, path: within(path, request.targets))
    return contract_of(found.repository), found.files

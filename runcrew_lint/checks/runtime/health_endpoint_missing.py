"""A FastAPI app that tells nobody whether it is well."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.serving import apis_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, _policy: Policy, *, path: str = "/health") -> Iterator[Fault]:
    """One fault an app whose routes are all known; one that is mounted somewhere is judged there."""
    for api in repository.derive(apis_of):
        if api.at(path) or not api.served:
            continue
        near = [each.path for each in api.served if "health" in each.path or "ping" in each.path]
        if not api.is_whole and not near:
            continue
        aside = f"; it serves {', '.join(f'`{each}`' for each in near[:3])}" if near else ""
        yield Fault(
            Place(api.file, api.app.span),
            f"no route answers GET {path} with its routers' prefixes joined{aside}: what starts, "
            "restarts and "
            "watches the API can't ask whether it is well",
            help=f"serve GET {path}, with a query that touches the database",
        )

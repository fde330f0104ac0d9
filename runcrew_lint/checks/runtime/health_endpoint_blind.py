"""A health endpoint that says it is well whatever happens."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.facts import Route
from runcrew_lint.domains.runtime.serving import Served, apis_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy, *, path: str = "/health") -> Iterator[Fault]:
    """One fault an endpoint, for the worst of it; what it answers is one team's to say."""
    if not policy.named:
        return
    told: set[tuple[str, Span]] = set()
    for api in repository.derive(apis_of):
        found = api.at(path)
        if found is None or (found.file, found.route.span) in told:
            continue
        told.add((found.file, found.route.span))
        yield from _judged(found, found.route)


def _judged(found: Served, route: Route) -> Iterator[Fault]:
    if route.swallows:
        yield Fault(
            Place(found.file, route.swallows),
            f"GET {found.path} answers 200 from its `except`: while the database is gone, everything that "
            "watches goes on sending requests here",
            help="answer 503 there",
        )
    elif not route.touches and not route.delegates:
        yield Fault(
            Place(found.file, route.span),
            f"GET {found.path} never touches the database: it says `healthy` while no request can be served",
            help="run `SELECT 1` in it, and answer 503 where that fails",
        )
    elif 503 not in route.tells and not route.delegates:
        yield Fault(
            Place(found.file, route.span),
            f"GET {found.path} never answers 503: where its query fails it ends as a 500, which reads "
            "as a bug of "
            "the endpoint and not as an unhealthy system",
            help="catch the failure and answer 503",
        )

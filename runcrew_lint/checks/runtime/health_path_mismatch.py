"""A probe asks for a path that no route serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.runtime.probes import asked_of, probes_of
from runcrew_lint.domains.runtime.serving import Api, apis_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a probe; only where the API that it asks, or any that it may ask, is known to its
    last route."""
    apis = repository.derive(apis_of)
    for probe in repository.derive(probes_of):
        asked = asked_of(apis, probe)
        if (
            not probe.is_known
            or not asked
            or any(not api.is_whole or _serves(api, probe.path) for api in asked)
        ):
            continue
        routes = [each for api in asked for each in api.served]
        near = [each for each in routes if "health" in each.path or "ping" in each.path][:2]
        related = tuple(
            Related(Place(each.file, each.route.span), f"this serves {each.path}") for each in near
        )
        app = asked[0]
        yield Fault(
            probe.place,
            f"{probe.who} asks for {probe.path}, which no route of {app.file} serves: the answer is 404, and "
            "a healthy program counts as sick",
            related or (Related(Place(app.file, app.app.span), "the app whose routes these are"),),
            help=f"ask for {near[0].path}" if near else "serve it, or ask for a path that is served",
        )


def _serves(api: Api, path: str) -> bool:
    if api.at(path):
        return True
    # FastAPI's own, and a path with a parameter in it.
    if path in ("/docs", "/redoc", "/openapi.json"):
        return True
    return any(
        "{" in each.path and re.fullmatch(re.sub(r"\\\{[^}]*\\\}", ".+", re.escape(each.path)), path)
        for each in api.served
    )

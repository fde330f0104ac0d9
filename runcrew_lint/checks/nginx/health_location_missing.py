"""health-location-missing: the health path of the program behind a proxy can't be asked through it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.nginx._levels import hosts, proxied, within
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig, Server
from runcrew_lint.domains.runtime.serving import Served, apis_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_HEALTH = lazily(r"/(?:[\w-]+/)*(?:health(?:[_-]?(?:z|check))?|healthz|livez|readyz)")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each server that proxies a part of an API, and none of its health paths.

    Only where an API of the repository has such a path, and where each location's prefix is known.
    """
    paths = [
        each for api in repository.derive(apis_of) for each in api.served if _HEALTH.fullmatch(each.path)
    ]
    if not paths:
        return
    for host in hosts(repository.facts(NginxConfig)):
        server = host.server
        passed = list(proxied(server.directives))
        if not host.known or not passed or not any(each.is_public for each in server.listens):
            continue
        if any(each.name in ("return", "proxy_pass") for each in server.directives):
            continue
        if any(_answers(server, each.path) for each in paths):
            continue
        yield _fault(server, passed[0][1], paths)


def _fault(server: Server, passed: Directive, paths: list[Served]) -> Fault:
    wanted = min(paths, key=lambda it: len(it.path))
    return Fault(
        server.place,
        f"no location hands {wanted.path} on, so a load balancer or a monitor that asks this server for it "
        "hears from nginx alone, and takes a dead program for well or a healthy one for dead",
        related=(
            Related(Place(wanted.file, wanted.route.span), "the path is served here"),
            Related(passed.place, "other requests are handed on here"),
        ),
        help=f"add `location = {wanted.path} {{ proxy_pass {passed.arguments[0]}; }}`",
    )


def _answers(server: Server, path: str) -> bool:
    """Whether some location hands the path on; a pattern that can't be read here may."""
    locations = [each for each in within(server.directives) if each.name == "location" and each.arguments]
    return any(_passes(each) and _takes(each, path) for each in locations)


def _passes(location: Directive) -> bool:
    return any(
        each.name in ("proxy_pass", "return", "try_files") and _is_program(each) for each in location.block
    )


def _is_program(each: Directive) -> bool:
    """Files are no program, unless what is not found goes to a named location."""
    return each.name != "try_files" or (bool(each.arguments) and each.arguments[-1].startswith("@"))


def _takes(location: Directive, path: str) -> bool:
    *modifier, pattern = location.arguments
    if modifier and modifier[0] in ("~", "~*"):
        try:
            return re.search(pattern, path) is not None
        except re.error:
            return True
    if modifier == ["="]:
        return pattern == path
    if pattern.endswith(path):
        return True  # it is asked for under another name
    return pattern.startswith("@") or path.startswith(pattern)

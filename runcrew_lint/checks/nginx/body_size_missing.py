"""body-size-missing: a proxy whose limit for uploads is nginx's own, one megabyte."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.nginx._levels import hosts, proxied, within
from runcrew_lint.domains.nginx.facts import NginxConfig
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a file, at its first server that hands requests on and has no client_max_body_size."""
    found: dict[str, list[tuple[Place, Place]]] = {}
    for host in hosts(repository.facts(NginxConfig)):
        server = host.server
        if not host.known or host.is_local or host.says("client_max_body_size"):
            continue
        passed = next(iter(proxied(server.directives)), None)
        if passed and not any(each.name == "client_max_body_size" for each in within(server.directives)):
            found.setdefault(server.place.path, []).append((server.place, passed[1].place))
    for (place, passed_on), *others in found.values():
        yield Fault(
            place,
            "no client_max_body_size is set, so nginx refuses each body of more than 1 MB with 413 before "
            "the program behind it sees it, and a photo from a phone is larger",
            related=(
                Related(passed_on, "requests are handed on here"),
                *(Related(other, "nor is it in this server") for other, _ in others),
            ),
        )

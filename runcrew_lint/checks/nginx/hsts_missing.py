"""hsts-missing: a server with TLS that lets a browser come back without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.checks.nginx._levels import Host, hosts, line_mend, within
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LINE = 'add_header Strict-Transport-Security "max-age=31536000" always;'


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the `listen` of each such server; one that only redirects, or is local, says nothing."""
    for host in hosts(repository.facts(NginxConfig)):
        server = host.server
        secure = next((each for each in server.listens if each.tls and each.is_public), None)
        if secure is None or not host.known or host.is_local or _only_answers(host):
            continue
        headers = [*_headers(host.above), *_headers(within(server.directives))]
        if any(each.arguments[0].lower() == "strict-transport-security" for each in headers):
            continue
        named = next((each for each in server.directives if each.name == "server_name"), None)
        exact = not headers and named is not None
        yield Fault(
            secure.place,
            "no Strict-Transport-Security is sent, so a browser that is given http:// asks in the clear "
            "first, and whoever is in between can answer in the server's place",
            mend=line_mend("sends Strict-Transport-Security", named, [_LINE], "unsafe")
            if exact and named
            else None,
        )


def _headers(directives: Iterable[Directive]) -> Iterator[Directive]:
    for each in directives:
        if each.name in ("add_header", "more_set_headers", "proxy_hide_header") and each.arguments:
            yield each


def _only_answers(host: Host) -> bool:
    """Whether the server redirects or refuses everything itself."""
    names = {each.name for each in host.server.directives}
    return "return" in names or "ssl_reject_handshake" in names or "location" not in names

"""server-tokens-on: nginx tells its version to everyone."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.nginx._levels import Host, hosts, line_mend
from runcrew_lint.domains.nginx.facts import NginxConfig
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a file: at a `server_tokens` that is not off, or at its first public server without one."""
    told: set[str] = set()
    for host in hosts(repository.facts(NginxConfig)):
        if not host.known or host.is_local or not any(each.is_public for each in host.server.listens):
            continue
        said = [each for each in (*host.server.directives, *host.above) if each.name == "server_tokens"]
        place = said[0].place if said else host.server.place
        if (said and said[0].arguments != ("on",)) or place.path in told:
            continue
        told.add(place.path)
        yield Fault(
            place,
            "every answer and every error page names this nginx's version, which tells whoever scans for a "
            "known hole where to knock",
            mend=_mend(host),
        )


def _mend(host: Host) -> MendRequest | None:
    said = next((each for each in host.server.directives if each.name == "server_tokens"), None)
    if said is not None:
        told = (
            ("title", "keeps the version to itself"),
            ("text", "server_tokens off"),
            ("was", "server_tokens on"),
        )
        return MendRequest("text.replace", said.place, (*told, ("safety", "safe")))
    named = next((each for each in host.server.directives if each.name == "server_name"), None)
    if named is None or named.place.path != host.server.place.path:
        return None
    return line_mend("keeps the version to itself", named, ["server_tokens off;"])

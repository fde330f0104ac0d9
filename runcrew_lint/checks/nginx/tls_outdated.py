"""tls-outdated: a server that still speaks SSL 3, TLS 1.0 or TLS 1.1."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
_NEW = ("TLSv1.2", "TLSv1.3")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `ssl_protocols` of a server that names an old version.

    Without the directive, nginx since 1.23.4 speaks 1.2 and 1.3 alone.
    """
    found: dict[Place, Directive] = {}
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            found.update((each.place, each) for each in server.directives if each.name == "ssl_protocols")
    for place, each in found.items():
        old = [name for name in each.arguments if name in _OLD]
        if not old:
            continue
        kept = [name for name in each.arguments if name not in _OLD] or list(_NEW)
        written = " ".join(("ssl_protocols", *each.arguments))
        told = (("title", f"drops {', '.join(old)}"), ("text", " ".join(("ssl_protocols", *kept))))
        yield Fault(
            place,
            f"{' and '.join(old)} can be broken or forced on a client by whoever is in between, and app "
            "stores and browsers have given them up",
            mend=MendRequest("text.replace", place, (*told, ("was", written), ("safety", "safe"))),
        )

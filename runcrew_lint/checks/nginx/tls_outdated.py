"""tls-outdated: a server that still speaks SSL 3, TLS 1.0 or TLS 1.1, or takes a broken cipher."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.nginx._levels import hosts
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
_NEW = ("TLSv1.2", "TLSv1.3")
# By the words of OpenSSL's lists: what is broken (RFC 7465, CVE-2016-2183), or asks for no key
# or a toy one, with the words that take it out again.
_BROKEN = {
    "RC4": (lazily(r"(?:.+-)?RC4(?:-.+)?"), {"RC4", "MEDIUM"}),
    "3DES": (lazily(r"3DES|(?:.+-)?DES-CBC3?-.+"), {"3DES", "MEDIUM"}),
    "EXPORT": (lazily(r"EXP(?:ORT(?:40|56)?)?(?:-.+)?"), {"EXP", "EXPORT"}),
    "NULL": (lazily(r"E?NULL|(?:.+-)?NULL-.+"), {"NULL", "ENULL"}),
    "aNULL": (lazily(r"ANULL|A(?:EC)?DH(?:-.+)?"), {"ANULL"}),
}
_ASKED = ("ssl_protocols", "ssl_ciphers")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `ssl_protocols` of a server that names an old version, and at each list of ciphers
    that takes a broken one in.

    Without the directives, nginx since 1.23.4 speaks 1.2 and 1.3 alone, and takes what OpenSSL calls high.
    """
    found: dict[Place, Directive] = {}
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            found.update((each.place, each) for each in server.directives if each.name in _ASKED)
    for host in hosts(repository.facts(NginxConfig)):
        said = {each.name for each in host.server.directives}
        if any(each.tls for each in host.server.listens):
            found.update((each.place, each) for each in host.above if each.name in {*_ASKED} - said)
    for place, each in found.items():
        if each.name == "ssl_ciphers":
            yield from _of_ciphers(place, each)
            continue
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


def _of_ciphers(place: Place, said: Directive) -> Iterator[Fault]:
    words = [word for each in said.arguments for word in each.upper().replace(",", ":").split(":")]
    never = {word[1:] for word in words if word[:1] in ("!", "-")}
    taken = [
        name
        for name, (pattern, out) in _BROKEN.items()
        if not out & never and any(pattern.fullmatch(word) for word in words)
    ]
    if taken:
        yield Fault(
            place,
            f"`ssl_ciphers` takes {' and '.join(taken)}, which {'is' if len(taken) == 1 else 'are'} broken: "
            "whoever is in between can come to read what is sent",
            severity=Severity.WARNING if taken == ["3DES"] else None,  # it takes hundreds of gigabytes
            help="leave `ssl_ciphers` out, or take Mozilla's intermediate list (ssl-config.mozilla.org)",
        )

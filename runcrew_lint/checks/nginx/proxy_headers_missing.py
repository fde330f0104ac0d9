"""proxy-headers-missing: a location that hands requests on without saying who asked, and for which host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runcrew_lint.checks.nginx._levels import hosts, is_health, line_mend, unknown
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LINES = {
    "host": "proxy_set_header Host $host;",
    "x-forwarded-for": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "x-forwarded-proto": "proxy_set_header X-Forwarded-Proto $scheme;",
}
_NAMES = {"host": "Host", "x-forwarded-for": "X-Forwarded-For", "x-forwarded-proto": "X-Forwarded-Proto"}
_HARM = {
    "host": "builds its links and redirects for the name of the upstream",
    "x-forwarded-for": "sees this proxy as every client, so a limit or a block by address meets all of them",
    "x-forwarded-proto": "takes each request for unencrypted, and sends http:// links and insecure cookies",
}
_NAMED = lazily(r"http://(?P<host>\[[^\]]*\]|[^/:]+)")
_ELSEWHERE = lazily(r"(?!\d+(?:\.\d+){3}\Z)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_INNER = lazily(r".*\.(?:local|internal|svc|lan|docker|cluster\.local)", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a `proxy_pass` to a program of one's own, naming the headers that are not set for it.

    X-Forwarded-Proto counts where the server itself has TLS: behind another proxy, that one has set it.
    """
    for host in hosts(repository.facts(NginxConfig)):
        if host.known:
            above = tuple(each for each in host.above if each.name == "proxy_set_header")
            tls = any(each.tls for each in host.server.listens)
            yield from _faults(host.server.directives, above, tls)


def _faults(directives: Iterable[Directive], above: tuple[Directive, ...], tls: bool) -> Iterator[Fault]:
    directives = tuple(directives)
    if unknown(directives):
        return
    own = tuple(each for each in directives if each.name == "proxy_set_header" and each.arguments)
    counts = own or above
    for each in directives:
        if each.name == "proxy_pass" and each.arguments and _is_ours(each.arguments[0]):
            names = {one.arguments[0].lower() for one in counts if one.arguments}
            lacks = [name for name in _LINES if name not in names and (tls or name != "x-forwarded-proto")]
            if lacks:
                # A program may go by it; by X-Forwarded-For it would believe what the client itself sends.
                told = lacks == ["x-forwarded-for"] and "x-real-ip" in names
                yield _fault(
                    each, lacks, exact=bool(own) or not above, severity=Severity.INFO if told else None
                )
        elif each.name in ("location", "if", "limit_except") and not is_health(each):
            yield from _faults(each.block, counts, tls)


def _fault(passed: Directive, lacks: list[str], exact: bool, severity: Severity | None) -> Fault:
    *names, last = (_NAMES[name] for name in lacks)
    shown = f"{', '.join(names)} and {last}" if names else last
    return Fault(
        passed.place,
        f"{shown} {'is' if len(lacks) == 1 else 'are'} not set for {passed.arguments[0]}, so the program "
        f"behind it {_HARM[lacks[0]]}",
        mend=line_mend(f"sets {shown}", passed, (_LINES[name] for name in lacks)) if exact else None,
        severity=severity,
    )


def _is_ours(target: str) -> bool:
    """Whether a target is a program of one's own: an upstream, a container, an address; not another site."""
    match = _NAMED.match(target)
    if match is None:
        return False
    name = match["host"]
    return not _ELSEWHERE.fullmatch(name) or bool(_INNER.fullmatch(name))

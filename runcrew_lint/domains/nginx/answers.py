"""What a server answers to a request that came in the clear: a redirect, a refusal, or content.

Source: nginx.org/en/docs/http/ngx_http_rewrite_module.html (order of `return`, `rewrite` and `if`, which
run before a location is chosen) and ngx_http_core_module.html#location.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from runcrew_lint.domains.nginx.facts import Directive, Server
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


class Answer(StrEnum):
    """`SAFE` is a redirect or a refusal; `UNKNOWN` what an include or a variable decides."""

    SAFE = "safe"
    CONTENT = "content"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """An answer, and for content the place that serves it."""

    answer: Answer
    place: Place | None = None


_SAFE = Verdict(Answer.SAFE)
_UNKNOWN = Verdict(Answer.UNKNOWN)

_SERVES = frozenset(
    {
        "proxy_pass",
        "fastcgi_pass",
        "uwsgi_pass",
        "scgi_pass",
        "grpc_pass",
        "memcached_pass",
        "root",
        "alias",
        "try_files",
        "autoindex",
        "js_content",
        "content_by_lua_block",
        "content_by_lua_file",
    }
)
# Paths that a certificate authority, a load balancer or a monitor asks for in the clear.
_MACHINES = lazily(
    r"\.well-known\b|acme|/(?:[\w-]+/)*(?:health(?:[_-]?(?:z|check))?|livez|readyz|ping|"
    r"(?:nginx|stub|basic)[_-]status)/?\$?\Z",
    re.IGNORECASE,
)
_ACME_ROOT = lazily(r"certbot|lets-?encrypt|acme|well-known", re.IGNORECASE)
# What a pattern looks like that no request escapes; of locations, `/` alone is one.
_EVERYTHING = lazily(r"\^?/?\??(?:\(?\.\*\)?\$?)?")
_SCHEME = lazily(
    r"\$(?:scheme|https|server_port|http_x_forwarded_(?:proto|protocol|ssl|scheme)|ssl_protocol)\b"
)
_HOST = lazily(r"\(?\s*\$(?:http_)?host\s*=\s*[\"']?([^\"'\s)]+)")
# Parameters for a backend or for TLS: nothing in them answers a request.
_HARMLESS = lazily(
    r"mime\.types|fastcgi\.conf|options-ssl-nginx\.conf|(?!.*(?:redirect|https))"
    r"(?:fastcgi|uwsgi|scgi|grpc|proxy|ssl|tls|gzip|brotli|cors|headers?|security|logg?ing)[\w.-]*",
    re.IGNORECASE,
)


def over_http(server: Server) -> Verdict:
    """What the server answers on a port without TLS."""
    verdict = _rewrites(server.directives, frozenset(server.names))
    if verdict is not None:
        return verdict
    locations = [each for each in server.directives if each.name == "location"]
    rooted = any(each.name in _SERVES for each in server.directives)
    verdicts = [_location(each, rooted=rooted) for each in locations]
    content = next((each for each in verdicts if each.answer is Answer.CONTENT), None)
    unknown = _unknown(server.directives) or any(each.answer is Answer.UNKNOWN for each in verdicts)
    if content is not None:
        # What an unread include at this level says could still come first.
        return _UNKNOWN if _unknown(server.directives) else content
    if unknown:
        return _UNKNOWN
    if any(_takes_everything(each) for each in locations):
        return _SAFE
    return _by_root(server.directives)


def _by_root(directives: Iterable[Directive]) -> Verdict:
    for each in directives:
        if each.name in _SERVES and not any(_ACME_ROOT.search(argument) for argument in each.arguments):
            return Verdict(Answer.CONTENT, each.place)
    return _SAFE


def _rewrites(directives: Iterable[Directive], names: frozenset[str]) -> Verdict | None:
    """What `return`, `rewrite` and `if` settle before any location or file is looked at."""
    left = set(names)
    for each in directives:
        if each.name == "return":
            code = each.arguments[0] if each.arguments else ""
            return Verdict(Answer.CONTENT, each.place) if re.fullmatch(r"2\d\d", code) else _SAFE
        if each.name == "rewrite" and _redirects_all(each.arguments):
            return _SAFE
        if each.name == "if" and _redirects(each.block):
            condition = " ".join(each.arguments)
            host = _HOST.match(condition)
            if host is None:
                return _SAFE if _SCHEME.search(condition) else _UNKNOWN
            left.discard(host[1].lower())
            if not left:
                return _SAFE
    return None


def _redirects(block: Iterable[Directive]) -> bool:
    for each in block:
        if each.name == "return" and each.arguments:
            target = each.arguments[-1]
            return target.startswith(("https:", "$")) or "https" in target
        if each.name == "rewrite" and len(each.arguments) > 1:
            return each.arguments[1].startswith("https:")
    return False


def _redirects_all(arguments: tuple[str, ...]) -> bool:
    """Whether a `rewrite` sends every request elsewhere: by a flag, or by a URL for its target."""
    if len(arguments) < 2 or not _EVERYTHING.fullmatch(arguments[0]):
        return False
    leaves = arguments[1].startswith(("https://", "http://", "$scheme"))
    return leaves or bool({"permanent", "redirect"} & set(arguments[2:]))


def _location(location: Directive, *, rooted: bool) -> Verdict:
    path = location.arguments[-1] if location.arguments else ""
    if path.startswith("@") or _MACHINES.search(path):
        return _SAFE
    inside = location.block
    names = {each.name for each in inside}
    if "internal" in names or "stub_status" in names:
        return _SAFE
    if any(each.name == "return" for each in inside):
        return _SAFE  # a word of text for a monitor, a redirect or a refusal
    verdict = _rewrites(inside, frozenset())
    if verdict is not None:
        return verdict
    if _unknown(inside):
        return _UNKNOWN
    if any(each.name == "deny" and each.arguments == ("all",) for each in inside) and "allow" not in names:
        return _SAFE
    rooted = rooted or bool(names & _SERVES)
    for each in inside:
        if each.name == "location":
            verdict = _location(each, rooted=rooted)
            if verdict.answer is not Answer.SAFE:
                return verdict
    serving = next((each for each in inside if each.name in _SERVES), None)
    if serving is not None:
        return Verdict(Answer.CONTENT, serving.place)
    return Verdict(Answer.CONTENT, location.place) if rooted else _SAFE


def _takes_everything(location: Directive) -> bool:
    path = location.arguments[-1] if location.arguments else ""
    return bool(_EVERYTHING.fullmatch(path)) and location.arguments[0] != "="


def _unknown(directives: Iterable[Directive]) -> bool:
    """Whether an include is left that could hold a redirect."""
    return any(
        each.name == "include"
        and each.arguments
        and not _HARMLESS.fullmatch(each.arguments[0].rpartition("/")[2])
        for each in directives
    )

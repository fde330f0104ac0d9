"""Where a server listens, and whether in the clear.

Source: nginx.org/en/docs/http/ngx_http_core_module.html#listen, ngx_http_ssl_module.html#ssl.
"""

from __future__ import annotations

from runcrew_lint.domains.nginx.facts import Directive, Listen
from runcrew_lint.patterns import lazily

_ADDRESS = lazily(
    r"(?:(?P<address>\*|\[[0-9a-fA-F:.]+\]|[\w.-]*[A-Za-z.][\w.-]*)(?::(?P<port>\d+))?|(?P<bare>\d+))"
)


def listens_of(server: Directive) -> tuple[Listen, ...]:
    """A server's `listen` directives; without one, every address at port 80."""
    ssl = any(each.name == "ssl" and each.arguments == ("on",) for each in server.block)
    found = tuple(_listen(each, ssl=ssl) for each in server.block if each.name == "listen" and each.arguments)
    return found or (Listen("", 80, ssl, False, server.place),)


def _listen(directive: Directive, *, ssl: bool) -> Listen:
    where, *parameters = directive.arguments
    tls = ssl or "ssl" in parameters or "quic" in parameters
    default = "default_server" in parameters or "default" in parameters
    if where.startswith("unix:"):
        return Listen(where, None, tls, default, directive.place)
    match = _ADDRESS.fullmatch(where)
    if match is None:
        return Listen("", None, tls, default, directive.place)
    if match["bare"]:
        return Listen("", int(match["bare"][:6]), tls, default, directive.place)
    return Listen(match["address"], int((match["port"] or "80")[:6]), tls, default, directive.place)

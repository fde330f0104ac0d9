"""What a server says at each of its levels: the file's http block, the server, its locations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.purpose import by_path
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig, Server
from runcrew_lint.domains.nginx.together import together
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

# Included files that hold types, parameters of other protocols, or whole servers.
_APART = lazily(
    r"mime\.types|(?:fastcgi|uwsgi|scgi|grpc)[\w.-]*|(?:.*/)?(?:conf\.d|sites-enabled|http\.d|modules-enabled|modules)/.*"
    r"|.*\*.*\.conf\Z"
)
_LOCAL = lazily(r"localhost|.*\.(?:local|localhost|test|internal|example|lan)|\d+(?:\.\d+){3}")
_HEALTH = lazily(
    r"/(?:[\w-]+/)*(?:health(?:[_-]?(?:z|check|checks))?|livez?|liveness|ready?z?|readiness|alive|ping|up|heartbeat|status)/?\$?\Z",
    re.IGNORECASE,
)


class Host(NamedTuple):
    """A server, and what the http block that it belongs to says.

    `known` is false where a file is included that nobody can read here.
    """

    server: Server
    above: tuple[Directive, ...]
    known: bool

    def says(self, name: str) -> bool:
        """Whether the server or what is above it says a directive."""
        return any(each.name == name for each in (*self.server.directives, *self.above))

    @property
    def is_local(self) -> bool:
        """Whether only this machine or a developer's network knows all of its names."""
        names = [name for name in self.server.names if name not in ("", "_")]
        return bool(names) and all(_LOCAL.fullmatch(name) for name in names)


def hosts(configs: Iterable[NginxConfig]) -> Iterator[Host]:
    """Every server once, however many files include it; those for development and tests are left out."""
    seen: set[Place] = set()
    for group in together(configs):
        http = tuple(each for config in group for each in config.http)
        for config in sorted(group, key=lambda it: not it.whole):
            for server in config.servers:
                if server.place not in seen:
                    seen.add(server.place)
                    if by_path(server.place.path) in (Purpose.DEVELOPMENT, Purpose.TEST):
                        continue
                    above = server.above or http
                    yield Host(server, above, not (unknown(server.directives) or unknown(above)))


def unknown(directives: Iterable[Directive]) -> bool:
    """Whether an include is left that may say anything."""
    return any(
        each.name == "include" and not _APART.fullmatch(" ".join(each.arguments)) for each in directives
    )


def within(directives: Iterable[Directive]) -> Iterator[Directive]:
    """All directives, those of locations and conditions behind the block that holds them."""
    for each in directives:
        yield each
        yield from within(each.block)


def is_health(location: Directive) -> bool:
    """Whether a location is for a probe alone."""
    return bool(location.arguments) and bool(_HEALTH.search(location.arguments[-1]))


def proxied(directives: Iterable[Directive]) -> Iterator[tuple[Directive, Directive]]:
    """Locations that hand requests on by `proxy_pass`, with it; those for a probe alone are left out."""
    for each in directives:
        if each.name == "location" and not is_health(each):
            passed = next((one for one in each.block if one.name == "proxy_pass" and one.arguments), None)
            if passed is not None:
                yield each, passed
            yield from proxied(each.block)


def line_mend(title: str, behind: Directive, lines: Iterable[str], safety: str = "safe") -> MendRequest:
    """The request to add lines behind a directive that ends its own line."""
    told = (("title", title), ("lines", tuple(lines)), ("safety", safety))
    return MendRequest("nginx.add_lines", behind.place, told)

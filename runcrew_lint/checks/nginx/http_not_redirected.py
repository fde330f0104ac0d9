"""http-not-redirected: a host with TLS that also serves content in the clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.nginx.answers import Answer, over_http
from runcrew_lint.domains.nginx.facts import Listen, NginxConfig, Server
from runcrew_lint.domains.nginx.together import together
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# Names that only this machine or its developer's network knows.
_LOCAL = (".local", ".localhost", ".test", ".internal", ".example", ".lan")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each `listen 80` whose server answers a TLS host with content."""
    for group in together(repository.facts(NginxConfig)):
        servers = {server.place: server for config in group for server in config.servers}
        yield from _faults(tuple(servers.values()))


def _faults(servers: tuple[Server, ...]) -> Iterator[Fault]:
    plain = [(server, listen) for server in servers if (listen := _plain(server)) is not None]
    bare = [server for server, _ in plain]
    secured = [(server, listen) for server in servers if (listen := _tls(server)) is not None]
    for server, listen in plain:
        met = _tls_twin(server, listen, secured, bare)
        if met is None:
            continue
        host, secure = met
        verdict = over_http(server)
        if verdict.answer is not Answer.CONTENT or verdict.place is None:
            continue
        related = [Related(secure.place, f"{host} has TLS here")]
        if verdict.place != listen.place:
            related.append(Related(verdict.place, "this is served without it"))
        yield Fault(
            listen.place,
            f"port 80 serves {host} in the clear although it has TLS, so passwords and tokens that are sent "
            "to http:// can be read and changed on the way",
            related=tuple(related),
        )


def _plain(server: Server) -> Listen | None:
    return next(
        (each for each in server.listens if each.port == 80 and not each.tls and each.is_public), None
    )


def _tls(server: Server) -> Listen | None:
    return next((each for each in server.listens if each.tls), None)


def _tls_twin(
    server: Server, listen: Listen, secured: Iterable[tuple[Server, Listen]], plain: list[Server]
) -> tuple[str, Listen] | None:
    """The host that the server shares with a TLS server, and where that one listens."""
    for other, secure in secured:
        names = [name for name in other.names if name not in ("", "_")]
        shared = [name for name in names if any(_matches(name, own) for own in server.names)]
        if not shared and other.place == server.place:
            shared = names or ["this server"]
        if not shared and _is_catch_all(server, listen, other, plain):
            shared = [name for name in names if not any(name in each.names for each in plain)]
        public = [name for name in shared if not _is_local(name)]
        if public:
            return public[0], secure
    return None


def _matches(name: str, own: str) -> bool:
    return name == own or (own.startswith("*.") and name.endswith(own[1:])) or _under_wildcard(name, own)


def _under_wildcard(name: str, own: str) -> bool:
    return name.startswith("*.") and own.endswith(name[1:])


def _is_catch_all(server: Server, listen: Listen, other: Server, plain: list[Server]) -> bool:
    """Whether the server answers for names that no server on port 80 has: only a file that holds both
    tells which one is the default.
    """
    if server.place.path != other.place.path or any(name not in ("", "_") for name in server.names):
        return False
    return listen.default or len(plain) == 1


def _is_local(name: str) -> bool:
    return name == "localhost" or name.endswith(_LOCAL)

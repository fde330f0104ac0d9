"""database-exposed: a database, cache or broker that every interface of the host answers for."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home, weight_at_home
from runcrew_lint.domains.containers.project import ComposeProject, Port, Purpose, Service
from runcrew_lint.domains.containers.stores import Store, short_name, shows_data, store_of
from runcrew_lint.model.finding import Fault, Note, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_STRING = lazily(r"""(?P<quote>["']?)(?P<every>(?:0\.0\.0\.0|\[::\]|\*):)?(?P<body>[^"'\s]+)(?P=quote)""")
# What hands on a database's connections answers for it.
_POOL = Store("PostgreSQL's pool", (5432, 6432))
_POOLS = frozenset(("pgpool", "pgpool2", "pgbouncer", "pgcat", "odyssey"))
# Such a service has no ports of its own to publish.
_NO_PORTS = ("host", "none", "service:", "container:")


class _Exposure(NamedTuple):
    project: ComposeProject
    service: Service
    store: Store
    port: Port

    @property
    def at_home(self) -> bool:
        return is_at_home(self.service)

    @property
    def gravity(self) -> int:
        """Only what says that it runs on a server is an error: a plain compose file may be a laptop's."""
        return 2 if self.service.purpose is Purpose.PRODUCTION else int(not self.at_home)

    def severity(self, in_development: bool) -> Severity | None:
        """The rule's own in production; at home what the option says."""
        if self.service.purpose is Purpose.PRODUCTION:
            return None
        return weight_at_home(in_development) if self.at_home else Severity.WARNING


def check(repository: Repository, policy: Policy, *, in_development: bool = True) -> Iterator[Fault]:
    """One fault at each published port, judged by the gravest use of it.

    A base file's port may be harmless by itself and still reach production through a file that is
    merged over it; the fault stands where the port is written and names that file.
    """
    found: dict[Place, _Exposure] = {}
    for project in repository.facts(ComposeProject):
        for exposure in _exposures(project):
            known = found.get(exposure.port.place)
            if known is None or known.gravity < exposure.gravity:
                found[exposure.port.place] = exposure
    for exposure in found.values():
        yield _fault(exposure, in_development)


def _exposures(project: ComposeProject) -> Iterator[_Exposure]:
    for service in project.services:
        store = store_of(service) or (_POOL if short_name(service) in _POOLS else None)
        if store is not None and service.network_mode == "host" and _listens_everywhere(service):
            first = store.ports[0]
            yield _Exposure(project, service, store, Port("", "", first, first, "tcp", "", service.place))
        if store is None or service.network_mode.startswith(_NO_PORTS):
            continue
        for port in service.ports:
            if port.is_open and shows_data(store, port):
                yield _Exposure(project, service, store, port)


def _listens_everywhere(service: Service) -> bool:
    """Whether the image decides where it listens, as a container that only its own network reaches would."""
    return service.command is None and service.entrypoint is None and not service.volumes


def _fault(exposure: _Exposure, in_development: bool) -> Fault:
    project, service, store, port = exposure
    number = str(port.first) if port.first == port.last else f"{port.first}-{port.last}"
    reach = (
        "everyone on the developer's network reaches its data"
        if exposure.at_home
        else "whoever reaches the host reaches its data, past the host's own firewall rules"
    )
    related: tuple[Related, ...] = ()
    if port.place.path != project.path:
        own = service.place if service.place.path == project.path else Place(project.path, Span(0, 0))
        related = (Related(own, f"this {service.purpose} file is merged over it and keeps the port"),)
    evidence = (Note("use", f"{service.purpose}: {project.evidence}"),) if project.evidence else ()
    hosts = service.network_mode == "host"
    how = "listens on every interface of its host's network" if hosts else "is published on every interface"
    return Fault(
        port.place,
        f"{store.label} ({service.name}, port {number}) {how}, so {reach}",
        related=related,
        notes=evidence,
        help="leave `network_mode: host` out: services of one project reach each other by name"
        if hosts
        else f'bind it to this machine, such as "127.0.0.1:{port.published or number}:{number}"'
        if exposure.at_home and "\0" not in port.published
        else "",
        mend=_mend(port) if exposure.at_home and not hosts else None,
        severity=exposure.severity(in_development),
    )


def _mend(port: Port) -> MendRequest | None:
    """The port bound to this machine, where it is one string that names no address or every one."""
    match = _STRING.fullmatch(port.written)
    if match is None or port.host_ip is None:
        return None
    body = match["body"]
    if port.host_ip and not match["every"]:
        return None  # a variable holds the address
    start = "127.0.0.1:" if port.published or body.startswith(":") else "127.0.0.1::"
    quote = match["quote"] or '"'
    arguments = (
        ("title", "binds the port to this machine"),
        ("text", f"{quote}{start}{body}{quote}"),
        ("was", port.written),
        ("safety", "safe"),
    )
    return MendRequest("text.replace", port.place, arguments)

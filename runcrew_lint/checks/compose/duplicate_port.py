"""duplicate-port: two services of one project that want the same port of the host."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Port, Service
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_MOST = 256  # ports of one range
_PUBLISHED = lazily(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the second of two ports, where both services run together and both numbers are known."""
    seen: set[Place] = set()
    for project in repository.facts(ComposeProject):
        taken: dict[tuple[int, str], list[tuple[Service, Port]]] = {}
        for service in project.services:
            for port in service.ports if not service.network_mode.startswith("host") else ():
                for number in _numbers(port) if port.host_ip is not None else ():
                    same = taken.setdefault((number, port.protocol), [])
                    other = next((pair for pair in same if _meet(service, port, *pair)), None)
                    same.append((service, port))
                    if other is None or port.place in seen or other[1].place == port.place:
                        continue
                    seen.add(port.place)
                    yield Fault(
                        port.place,
                        f"{other[0].name} already publishes port {number} of the host, so whichever of "
                        "the two starts second fails",
                        related=(Related(other[1].place, f"{other[0].name} takes it here"),),
                    )


def _numbers(port: Port) -> range:
    """The ports of the host; docker picks one of a range that has more than the container."""
    found = _PUBLISHED.fullmatch(port.published)
    if found is None:
        return range(0)
    start, more = int(found[1]), int(found[2] or found[1]) - int(found[1])
    return range(start, start + more + 1) if more in (0, min(port.last - port.first, _MOST)) else range(0)


def _meet(service: Service, port: Port, other: Service, taken: Port) -> bool:
    together = not service.profiles or not other.profiles or set(service.profiles) & set(other.profiles)
    return bool(together) and (port.is_open or taken.is_open or port.host_ip == taken.host_ip)

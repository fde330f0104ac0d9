"""docker-socket-mounted: a service that can give orders to the host's docker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home, weight_at_home
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.containers.stores import short_name
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SOCKET = re.compile(r"(?:/private)?(?:/var)?/run/(?:docker|podman/podman|containerd/containerd)\.sock")
# Made to stand between the socket and the rest: it lets a few requests through.
_PROXIES = re.compile(r"(?:docker-)?socket-?proxy.*|.*-socket-proxy")


def check(repository: Repository, policy: Policy, *, in_development: bool = True) -> Iterator[Fault]:
    """One fault at each mount; a warning where no use of it is beyond development and tests."""
    found: dict[Place, bool] = {}
    told: dict[Place, str] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            for mount in service.volumes:
                if not _SOCKET.fullmatch(mount.source) or _PROXIES.fullmatch(short_name(service)):
                    continue
                found[mount.place] = found.get(mount.place, True) and is_at_home(service)
                more = ", and mounting it read-only changes nothing in that" if mount.read_only else ""
                told[mount.place] = (
                    f"{service.name} can start any container with any folder of the host through this "
                    f"socket, so whoever breaks into it is root on the host{more}"
                )
    for place, at_home in found.items():
        yield Fault(place, told[place], severity=weight_at_home(in_development) if at_home else None)

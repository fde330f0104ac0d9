"""docker-socket-mounted: a service that can give orders to the host's docker."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home, weight_at_home
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.containers.stores import short_name
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SOCKET = lazily(r"(?:/private)?(?:/var)?/run/(?:docker|podman/podman|containerd/containerd)\.sock")
# Folders of the host in which it lies.
_FOLDERS = lazily(r"/|(?:/private)?/var|(?:/private)?(?:/var)?/run(?:/(?P<engine>podman|containerd))?")
# Made to look at the whole host: their own documents ask for its folders.
_EXPORTERS = ("node-exporter", "cadvisor")
# Made to stand between the socket and the rest: it lets a few requests through.
_PROXIES = lazily(r"(?:docker-)?socket-?proxy.*|.*-socket-proxy")
# Made to steer containers or to watch all of them: their own documents mount the socket.
_TOOL_NAMES = """
    alloy autoheal beszel-agent cadvisor crowdsec ctop diun docker-autoheal docker-gc docker-gen
    dockge dockhand dozzle fluent-bit filebeat glances homarr komodo-periphery lazydocker localstack
    localstack-pro logspout metricbeat netdata nginx-proxy acme-companion
    letsencrypt-nginx-proxy-companion ofelia ouroboros portainer portainer-ce portainer-ee promtail
    swarmpit telegraf traefik watchtower yacht
"""
_TOOLS = frozenset(_TOOL_NAMES.split())


def check(
    repository: Repository, policy: Policy, *, in_development: bool = True, tools: bool = True
) -> Iterator[Fault]:
    """One fault at each mount; a warning where no use of it is beyond development and tests.

    Without `tools`, what is made to steer or to watch containers is told at info, and so is a socket that a
    variable gives: whoever runs it is asked for it.
    """
    found: dict[Place, bool] = {}
    meant: dict[Place, bool] = {}
    told: dict[Place, str] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            for mount in service.volumes:
                through = _way(mount.source, short_name(service))
                if not through:
                    continue
                found[mount.place] = found.get(mount.place, True) and is_at_home(service)
                is_meant = short_name(service) in _TOOLS or mount.variable
                meant[mount.place] = meant.get(mount.place, True) and is_meant
                more = ", and mounting it read-only changes nothing in that" if mount.read_only else ""
                told[mount.place] = (
                    f"{service.name} can start any container with any folder of the host through {through}"
                    f", so whoever breaks into it is root on the host{more}"
                )
    for place, at_home in found.items():
        weight = weight_at_home(in_development) if at_home else None
        yield Fault(place, told[place], severity=Severity.INFO if meant[place] and not tools else weight)


def _way(source: str, image: str) -> str:
    """How a mount comes to the socket, in words; "" where it doesn't, or where the image is made for it."""
    if _PROXIES.fullmatch(image):
        return ""
    if _SOCKET.fullmatch(source):
        return "this socket"
    folder = source.rstrip("/") or source[:1]
    held = None if image in _EXPORTERS else _FOLDERS.fullmatch(folder)
    return f"{held['engine'] or 'docker'}'s socket, which lies in the mounted {folder}" if held else ""

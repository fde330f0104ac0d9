"""privileged-container: a service that runs without the fence around a container."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import is_at_home
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.containers.stores import short_name
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Made to watch the host's processes: their own documents ask for it.
_WATCHER_NAMES = """
    agent alloy beszel-agent beyla cadvisor datadog-agent docker-dd-agent falco glances infrastructure
    infrastructure-bundle kepler metricbeat netdata node-exporter parca-agent
    process-exporter pyroscope scaphandre tetragon
"""
_WATCHERS = frozenset(_WATCHER_NAMES.split())
_YES = ("true", "t", "1", "yes", "y", "on")  # what compose takes for true, in quotes, too


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each such line; a warning where no use of it is beyond development and tests."""
    found: dict[Place, bool] = {}
    told: dict[Place, str] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            for place, has in _ways(service):
                found[place] = found.get(place, True) and is_at_home(service)
                told[place] = f"{service.name} has {has}, so whoever breaks into it has the host"
            if service.pid and service.pid.value == "host" and short_name(service) not in _WATCHERS:
                found.setdefault(service.pid.place, True)  # what it can do is less: a warning everywhere
                told[service.pid.place] = (
                    f"{service.name} lives among the host's own processes (`pid: host`), so whoever breaks "
                    "in reads their command lines and can end each of root's"
                )
    for place, at_home in found.items():
        yield Fault(place, told[place], severity=Severity.WARNING if at_home else None)


def _ways(service: Service) -> Iterator[tuple[Place, str]]:
    """Where the fence is taken away, and what the service has then."""
    if service.privileged and (service.privileged.value or "").lower() in _YES:
        yield service.privileged.place, "every capability and every device of the host"
    # What is left when some are dropped again may be as good as a fence.
    for added in service.cap_add if not service.cap_drop else ():
        if (added.value or "").upper() == "ALL":
            yield added.place, "every capability, that to load modules into the host's kernel among them"

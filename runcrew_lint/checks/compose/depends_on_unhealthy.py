"""depends-on-unhealthy: a service that starts before its database answers."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.containers.stores import short_name, store_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Tools that a person opens later: they connect when they are used; and one that is there to wait itself.
_CONSOLES = (
    "wait-for",
    "adminer",
    "admin",
    "insight",
    "mongo-express",
    "commander",
    "cloudbeaver",
    "kibana",
    "dashboard",
)

# Clients connect when they first ask, and take a cache that doesn't answer for an empty one.
_DONE_WITHOUT = ("Memcached",)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each dependency on a data service that waits for its start alone.

    A service without a healthcheck can't be waited for: of that one, database-without-healthcheck speaks.
    """
    found: dict[Place, Fault] = {}
    for project in repository.facts(ComposeProject):
        by_name = {service.name: service for service in project.services}
        for service in project.services:
            for each in service.depends_on:
                target = by_name.get(each.service)
                store = store_of(target) if target else None
                if target is None or store is None or each.condition != "service_started":
                    continue
                if target.healthcheck is None or target.healthcheck.disabled or _is_console(service):
                    continue
                if store.label in _DONE_WITHOUT:
                    continue
                found.setdefault(
                    each.place,
                    Fault(
                        each.place,
                        f"{service.name} starts as soon as {each.service} has started, while {store.label} "
                        "is not ready yet, so the first start, or one after an update, fails to connect",
                        related=(Related(target.place, f"{store.label} is set up here"),),
                        mend=MendRequest("compose.wait_until_healthy", each.place),
                    ),
                )
    yield from found.values()


def _is_console(service: Service) -> bool:
    return any(word in short_name(service) for word in _CONSOLES)

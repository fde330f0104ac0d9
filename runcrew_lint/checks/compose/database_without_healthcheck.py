"""database-without-healthcheck: a database that others wait for and that can't say when it is ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.checks.compose._home import is_at_home, weight_at_home
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.containers.stores import is_client, short_name, store_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, number_of

# Images whose own Dockerfile has no HEALTHCHECK (read in 2026-11), with a command of theirs that tells.
_POSTGRES = 'pg_isready -U "$${POSTGRES_USER:-postgres}"'
_TESTS = {
    "postgres": _POSTGRES,
    "postgis": _POSTGRES,
    "pgvector": _POSTGRES,
    "timescaledb": _POSTGRES,
    "redis": "redis-cli ping",
    "valkey": "valkey-cli ping",
    "mysql": "mysqladmin ping -h 127.0.0.1 --silent",
    "mariadb": "healthcheck.sh --connect --innodb_initialized",
    "mongo": "mongosh --quiet --eval 1",
    "rabbitmq": "rabbitmq-diagnostics -q ping",
}
# Whose they are; what another gives such a name may bring a check of its own.
_PUBLISHERS = ("", "library/", "postgis/", "pgvector/", "timescale/", "valkey/")
# MongoDB's images have its new shell since 5.0, and its old one until then (Release Notes for MongoDB 5.0).
_NEW_SHELL_SINCE = 5
_OLD_SHELL = "mongo --quiet --eval 1"
_MAJOR = lazily(r"\d+")


def check(repository: Repository, policy: Policy, *, in_development: bool = True) -> Iterator[Fault]:
    """One fault at each data service that another depends on; an image of a team's own may bring a check."""
    found: dict[Place, Fault] = {}
    checked: set[Place] = set()
    away: set[Place] = set()
    for project in repository.facts(ComposeProject):
        for service in project.services:
            if not is_at_home(service):
                away.add(service.place)
            if (
                service.healthcheck is not None
                or _is_sentinel(service)
                or is_client(service)
                or short_name(service) not in _TESTS
                or service.build
            ):
                checked.add(service.place)
                continue
            waiting = [
                (other, each)
                for other in project.services
                for each in other.depends_on
                if each.service == service.name
            ]
            if waiting:
                stopped = [each for each in waiting if each[1].condition == "service_healthy"]
                other, dependency = (stopped or waiting)[0]
                related = Related(dependency.place, f"{other.name} waits for it")
                stops = other.name if stopped and _is_published(service) else ""
                found.setdefault(service.place, _fault(service, related, stops))
    for place, fault in found.items():
        if place not in checked:
            at_home = place not in away
            weighs = fault.severity is not None or not at_home
            yield fault if weighs else replace(fault, severity=weight_at_home(in_development))


def _words(service: Service) -> str:
    given = (each.words for each in (service.command, service.entrypoint) if each)
    return " ".join(word or "" for words in given for word in words)


def _is_sentinel(service: Service) -> bool:
    return "sentinel" in _words(service)


def _is_published(service: Service) -> bool:
    reference = parse(service.image.value) if service.image and service.image.value else None
    name = reference.name.removeprefix("docker.io/") if reference else "?/"
    return name.removesuffix(short_name(service)) in _PUBLISHERS


def _command(service: Service) -> str:
    """What its image can be asked by."""
    name = short_name(service)
    reference = parse(service.image.value) if service.image and service.image.value else None
    major = _MAJOR.match(reference.tag) if reference else None
    is_old = name == "mongo" and major is not None and number_of(major[0]) < _NEW_SHELL_SINCE
    return _OLD_SHELL if is_old else _TESTS[name]


def _fault(service: Service, related: Related, stops: str) -> Fault:
    """The fault; `stops` is a service that can't start for want of the check."""
    store = store_of(service)
    label = store.label if store else service.name
    command = _command(service).replace("'", "''")
    value = f"{{test: [CMD-SHELL, '{command}'], interval: 5s, timeout: 5s, retries: 10}}"
    # Told to answer elsewhere, it would fail the test of its image.
    moved = any(word in _words(service) for word in ("port", "tls", "-p", "$"))
    told = (("title", f"adds a healthcheck to {service.name}"), ("key", "healthcheck"), ("value", value))
    return Fault(
        service.place,
        f"{label} ({service.name}) has no healthcheck, "
        + (
            f"and {stops} starts only once it is healthy: `docker compose up` stops with `no healthcheck "
            "configured`"
            if stops
            else "so nothing can wait until it answers, and one that hangs counts as running"
        ),
        related=(related,),
        mend=None
        if moved
        else MendRequest("yaml.insert_key", service.place, (*told, ("after", "image"), ("safety", "safe"))),
        severity=Severity.ERROR if stops else None,
    )

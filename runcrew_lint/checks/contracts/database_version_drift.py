"""database-version-drift: places that run different PostgreSQLs, or one without the PostGIS needed."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.contracts.databases import Role, Server, servers_of
from runcrew_lint.domains.contracts.facts import Pins
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_HURTS = {
    Role.PRODUCTION: "queries, locks and defaults were tried on another server than the one that runs",
    Role.LOCAL: "what works for the developers need not work there",
    Role.CI: "what CI proves holds for another server than the one that runs",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a server of another version; CI may run several, where one of them is the one that counts."""
    servers = repository.derive(servers_of)
    yield from _without_postgis(servers, repository.facts(Pins))
    known = [each for each in servers if each.major is not None]
    major, counts = _counting(known, policy)
    if major is None:
        return
    ci = [each for each in servers if each.role is Role.CI]
    proven = any(each.major in (major, None) for each in ci)
    seen: set[Place] = set()
    for each in known:
        if each.major == major or each.place in seen or (each.role is Role.CI and proven):
            continue
        seen.add(each.place)
        side = "the policy says" if counts is None else f"{counts.what} runs"
        yield Fault(
            each.place,
            f"{each.what} runs PostgreSQL {each.major}, and {side} {major}: {_HURTS[each.role]}",
            (Related(counts.place, f"{counts.image} here, which the policy believes"),) if counts else (),
            help=f"run PostgreSQL {major} here, too",
        )


def _counting(known: list[Server], policy: Policy) -> tuple[int | None, Server | None]:
    """The version that counts, and the server that says so; None for a policy that does.

    A named policy's word, else what production runs, else what the developers run; nothing where these
    themselves disagree.
    """
    if policy.named and not policy.facts_only:
        return policy.postgres, None
    for role in (Role.PRODUCTION, Role.LOCAL):
        of = [each for each in known if each.role is role]
        if of:
            return (of[0].major, of[0]) if len({each.major for each in of}) == 1 else (None, None)
    return None, None


def _without_postgis(servers: tuple[Server, ...], pins: tuple[Pins, ...]) -> Iterator[Fault]:
    """Servers of the official image, which has no PostGIS, where models need it."""
    needs = [(each, pin) for each in pins for pin in each.pins if pin.subject == "geoalchemy2"]
    if not needs:
        return
    where, pin = needs[0]
    groups: dict[str, list[Server]] = {}
    for each in servers:
        groups.setdefault(each.group, []).append(each)
    seen: set[Place] = set()
    for group in groups.values():
        if all(each.is_official for each in group) and group[0].place not in seen:
            seen.add(group[0].place)
            yield Fault(
                group[0].place,
                f"{group[0].what} runs {group[0].image}, and {where.path} installs GeoAlchemy2: this image "
                "has no PostGIS, so the first geometry column fails",
                (Related(Place(where.path, pin.span), "GeoAlchemy2 needs PostGIS"),),
                help="run postgis/postgis of the same version",
                severity=Severity.ERROR,
            )

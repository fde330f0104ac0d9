"""database-exposed: how grave a port is, and which files a fault names."""

from __future__ import annotations

import pytest

from runcrew_lint.checks.compose.database_exposed import check
from runcrew_lint.domains.containers import compose
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source
from tests.consulting import Consulting

BASE = "services:\n  db: {image: postgres:16, ports: ['5432:5432']}\n  api: {build: ., volumes: ['.:/app']}\n"
KEEPS = "services:\n  db: {restart: always}\n"
RESETS = "services:\n  db: {restart: always, ports: !reset []}\n"


def _faults(files: dict[str, str]) -> list[Fault]:
    facts = [compose.read(Source(path, text), Consulting(files)) for path, text in files.items()]
    policy = Policy("test")
    found = [fact for fact in facts if fact is not None]
    repository = Repository(_Worktree(tuple(files)), policy, found, ["compose"])
    return list(check(repository, policy))


class _Worktree:
    is_git = False
    base = None

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths

    def is_tracked(self, path: str) -> bool:
        return path in self.paths

    def ignored(self, paths: object) -> frozenset[str]:
        return frozenset()


GRAVITY: list[tuple[dict[str, str], list[tuple[str, Severity | None, str]]]] = [
    ({"compose.yml": BASE}, [("compose.yml", Severity.WARNING, "")]),
    ({"compose.test.yml": BASE}, [("compose.test.yml", Severity.WARNING, "")]),
    ({"compose.prod.yml": BASE}, [("compose.prod.yml", None, "")]),
    ({"compose.yml": BASE.replace("volumes: ['.:/app']", "")}, [("compose.yml", Severity.WARNING, "")]),
    ({"compose.yml": BASE, "compose.prod.yml": KEEPS}, [("compose.yml", None, "compose.prod.yml")]),
    ({"compose.yml": BASE, "compose.prod.yml": RESETS}, [("compose.yml", Severity.WARNING, "")]),
    ({"compose.yml": BASE, "compose.override.yml": KEEPS}, [("compose.yml", Severity.WARNING, "")]),
]


@pytest.mark.parametrize(("files", "expected"), GRAVITY)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_gravest_use_decides(
    files: dict[str, str], expected: list[tuple[str, Severity | None, str]], backwards: bool
) -> None:
    if backwards:
        files = dict(reversed(files.items()))
    found = [
        (
            fault.place.path,
            fault.severity,
            fault.related[0].place.path if fault.severity is None and fault.related else "",
        )
        for fault in _faults(files)
    ]
    assert found == expected


@pytest.mark.parametrize("mode", ["none", "service:vpn"])
def test_a_service_without_ports_of_its_own(mode: str) -> None:
    text = f"services:\n  db: {{image: redis, ports: ['6379:6379'], network_mode: '{mode}'}}\n"
    assert _faults({"compose.yml": text}) == []


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ("", 1),
        ("ports: ['6379:6379']", 1),
        ("command: redis-server --bind 127.0.0.1", 0),
        ("entrypoint: /start.sh", 0),
        ("volumes: ['./redis.conf:/usr/local/etc/redis/redis.conf']", 0),
    ],
)
def test_in_the_network_of_its_host_a_store_listens_everywhere(more: str, count: int) -> None:
    text = f"services:\n  db:\n    image: redis\n    network_mode: host\n    {more}\n"
    assert len(_faults({"compose.prod.yml": text})) == count


def test_a_port_shared_by_an_anchor_is_one_fault() -> None:
    services = "  a: {image: redis, ports: *p}\n  b: {image: valkey/valkey, ports: *p}\n"
    assert len(_faults({"compose.yml": f"x-p: &p ['6379:6379']\nservices:\n{services}"})) == 1

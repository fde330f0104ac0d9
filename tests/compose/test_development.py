"""development-in-production: how many folders one service mounts."""

from __future__ import annotations

from pathlib import Path

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

FILES = {
    "docker-compose.prod.yml": (
        "services:\n  api:\n    build: .\n"
        "    volumes: [./orders:/app/orders, ./users:/app/users, ./media:/app/media]\n"
        "  worker:\n    build: .\n    volumes: [./users:/app/users]\n"
    ),
    "Dockerfile": "FROM python:3.12-slim\nCOPY . .\n",
    "orders/a.py": "",
    "users/a.py": "",
    "media/a.svg": "",
}


def test_the_folders_of_one_service_are_counted(tmp_path: Path) -> None:
    root = repository_from(FILES, tmp_path / "r")
    request = Request(root, policy="recommended", select=("development-in-production",))
    one, other = (each.message for each in run(request).report.findings)
    assert one.startswith("api mounts its source, ./orders, over /app/orders (and 1 more) in production")
    assert other.startswith("worker mounts its source, ./users, over /app/users in production")

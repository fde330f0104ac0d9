"""Versions, ranges, ports and images as two files write them."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.contracts.numbers import node_takes, numbers, python_takes
from runcrew_lint.domains.contracts.ports import port_of
from runcrew_lint.text import Place, Span

HERE = Place("a", Span(0, 0))


@pytest.mark.parametrize(
    ("text", "found"),
    [("3.11.4-slim", (3, 11, 4)), ("v20", (20,)), ("3.x", (3,)), ("22.14.0", (22, 14, 0)), ("lts/*", ())],
)
def test_numbers(text: str, found: tuple[int, ...]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("said", "version", "answer"),
    [
        (">=3.11", (3, 11), True),
        (">=3.11", (3, 10), False),
        (">=3.9,<3.12", (3, 12), False),
        (">=3.9,<3.12", (3, 11), True),
        ("~=3.10", (3, 13), True),
        ("~=3.10.2", (3, 11), False),
        ("==3.12.*", (3, 12), True),
        ("==3.12.*", (3, 11), False),
        ("^3.10", (3, 12), True),
        ("^3.10", (3, 9), False),
        (">=3.11.4", (3, 11), True),
        ("<=3.12", (3, 12), None),
        ("<3.12.1", (3, 12), None),
        ("!=3.11.*,>=3.10", (3, 11), False),
        (">3.11", (3, 12), True),
        (">3.11", (3, 11), None),
        (">3.11", (3, 10), False),
        ("3.11", (3, 11), None),
        (">=3.11", (3,), None),
    ],
)
def test_what_python_takes(said: str, version: tuple[int, ...], answer: bool | None) -> None:
    assert python_takes(said, version) is answer


@pytest.mark.parametrize(
    ("said", "version", "answer"),
    [
        (">=18 <21", (22,), False),
        (">=18 <21", (20,), True),
        ("22.x", (22, 14, 0), True),
        ("^20.10.0 || >=22", (21,), False),
        ("lts", (20,), None),
    ],
)
def test_what_node_takes(said: str, version: tuple[int, ...], answer: bool | None) -> None:
    assert node_takes(said, version) is answer


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("uvicorn app:app", 8000),
        ("uvicorn app:app --host 0.0.0.0 --port 9000", 9000),
        ("uvicorn app:app --port=9000", 9000),
        ("gunicorn app:app --bind 0.0.0.0:8080", 8080),
        ("gunicorn -b :8080 app:app", 8080),
        ("poetry run uvicorn app:app --port 81", 81),
        ("gunicorn app:app", None),
        ("gunicorn app:app -c conf.py --bind :8080", None),
        ("gunicorn app:app --bind unix:/run/app.sock", None),
        ("uvicorn app:app --port $PORT", None),
        ("uvicorn app:app --uds /run/app.sock", None),
        ("node server.js --port 3000", None),
        ("uvicorn a:a --port 1000 && uvicorn b:b --port 2000", None),
    ],
)
def test_ports(line: str, port: int | None) -> None:
    found = port_of(line.split(), HERE)
    assert (found.port if found else None) == port

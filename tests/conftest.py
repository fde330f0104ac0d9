"""Fixtures that every test may ask for; one whose component can't be had skips the test and names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components import node as node_component
from tests.components import postgres as postgres_component
from tests.components.component import UnavailableError, absent, program


def _server(major: int) -> Iterator[postgres_component.Server]:
    try:
        with postgres_component.running(major) as server:
            yield server
    except UnavailableError as error:
        absent(f"postgres {major}", str(error))


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_component.Server]:
    """A running PostgreSQL 18."""
    yield from _server(18)


@pytest.fixture(scope="session")
def postgres_16() -> Iterator[postgres_component.Server]:
    """A running PostgreSQL 16."""
    yield from _server(16)


@pytest.fixture(scope="session")
def node() -> Path:
    """The path of node."""
    try:
        return node_component.node()
    except UnavailableError as error:
        absent("node", str(error))


@pytest.fixture(scope="session")
def eas_json() -> Path:
    """The node_modules folder that holds @expo/eas-json."""
    try:
        return node_component.eas_json()
    except UnavailableError as error:
        absent("eas-json", str(error))


@pytest.fixture(scope="session")
def git() -> str:
    """The path of git."""
    try:
        return program("git")
    except UnavailableError as error:
        absent("git", str(error))

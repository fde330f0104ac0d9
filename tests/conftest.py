"""Fixtures that every test may ask for; one whose component can't be had skips the test and names it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.components import browser as browser_component
from tests.components import node as node_component
from tests.components import postgres as postgres_component
from tests.components.component import UnavailableError, absent, program
from tests.pre_commit.hooks import PreCommit, installed
from tests.scratch import claimed

# A loaded machine is slow, and no test of ours is timed.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

# What takes a while to install or to start. The tests that share it come first and side by side: one worker
# has it, and the others go on meanwhile.
SHARED = ("newcomer", "pre_commit", "browser", "postgres", "postgres_16")

NEEDED = 1 << 30  # bytes of temporary files that all tests take together, twice what was measured
HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Whatever a run of tests leaves anywhere lies in one folder, which goes with it or with the next run."""
    if hasattr(config, "workerinput"):
        return  # of a run that has one
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if config.args == config.getini("testpaths") and free < NEEDED:
        said = f"{tempfile.gettempdir()} has {free >> 20:,} MiB free, and all tests need {NEEDED >> 20:,}"
        pytest.exit(f"{said}: make room, or name another folder by TMPDIR", returncode=2)
    home, _ = claimed("rl-run-")
    config.stash[HOME] = home
    os.environ["TMPDIR"] = tempfile.tempdir = str(home)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """The folder of a run in which something failed stays for who looks into it, until the next run."""
    if HOME in session.config.stash and exitstatus != pytest.ExitCode.TESTS_FAILED:
        session.config.add_cleanup(lambda: shutil.rmtree(session.config.stash[HOME], ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of the tests."""
    items.sort(key=lambda item: [name not in getattr(item, "fixturenames", ()) for name in SHARED])


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
def mermaid() -> Path:
    """The node_modules folder that holds mermaid."""
    try:
        return node_component.mermaid()
    except UnavailableError as error:
        absent("mermaid", str(error))


@pytest.fixture(scope="session")
def rdformat() -> Path:
    """The node_modules folder that holds a validator of reviewdog's format."""
    try:
        return node_component.rdformat()
    except UnavailableError as error:
        absent("rdformat-validator", str(error))


@pytest.fixture(scope="session")
def eas_json() -> Path:
    """The node_modules folder that holds @expo/eas-json."""
    try:
        return node_component.eas_json()
    except UnavailableError as error:
        absent("eas-json", str(error))


@pytest.fixture(scope="session")
def browser() -> Iterator[browser_component.Browser]:
    """A running Chromium; a machine that can run none is no fault of the project's."""
    try:
        with browser_component.running() as running:
            yield running
    except browser_component.NotRunningError as error:
        pytest.skip(f"chromium: {error}")
    except UnavailableError as error:
        absent("chromium", str(error))


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    try:
        return browser_component.axe()
    except UnavailableError as error:
        absent("axe-core", str(error))


@pytest.fixture(scope="session")
def pre_commit(git: str, tmp_path_factory: pytest.TempPathFactory) -> PreCommit:
    """pre-commit with this checkout's hooks installed, as PyPI has what they need."""
    try:
        return installed(tmp_path_factory.mktemp("pre-commit"))
    except UnavailableError as error:
        absent("pre-commit", str(error))


@pytest.fixture(scope="session")
def git() -> str:
    """The path of git."""
    try:
        return program("git")
    except UnavailableError as error:
        absent("git", str(error))

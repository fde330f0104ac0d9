"""What every real component shares: where downloads are kept, and how its absence is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.scratch import scratch

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "components"

# With this set, as CI does, a component that is missing fails its tests instead of skipping them.
REQUIRED = "RUNCREW_LINT_REQUIRE_COMPONENTS"


class UnavailableError(Exception):
    """A component can't be had here; the text says why."""


def absent(component: str, reason: str) -> NoReturn:
    """Skip the test that asked for `component`, or fail it where every component is required."""
    message = f"{component}: {reason}"
    if os.environ.get(REQUIRED):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def cached(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder `name` in the cache, filled once.

    `fill` writes into an empty folder that takes its name only when whole, so that test workers
    may race and an interrupted download is never taken for a finished one.
    """
    final = CACHE / name
    if final.is_dir():
        return final
    final.parent.mkdir(parents=True, exist_ok=True)
    with scratch(f".{final.name}-", final.parent) as workspace:
        filled = workspace / "filled"
        filled.mkdir()
        fill(filled)
        try:
            filled.rename(final)
        except OSError:
            if not final.is_dir():
                raise
    return final


def program(name: str) -> str:
    """The path of a program that the system provides.

    Raises UnavailableError, naming it, when it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise UnavailableError(f"{name} is not installed")
    return found

"""A mend that fails looks like one that refuses: here it fails its test."""

from __future__ import annotations

from typing import NoReturn

import pytest

from runcrew_lint.engine import excuse


@pytest.fixture(autouse=True)
def _no_mend_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(what: str, error: Exception) -> NoReturn:
        raise AssertionError(what) from error

    monkeypatch.setattr(excuse, "crash_line", told)

"""Twice as many handlers cost twice: counted in calls, those into C among them."""

from __future__ import annotations

import sys
from types import FrameType

from runcrew_lint.domains.runtime.routing import read
from runcrew_lint.text import Source
from tests.consulting import Consulting


def calls(routes: int) -> int:
    text = "from fastapi import FastAPI\napp = FastAPI()\n" + "".join(
        f"@app.get('/health{at}')\ndef health{at}():\n    return 1\n" for at in range(routes)
    )
    source, made = Source("app/main.py", text), 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        found = read(source, Consulting({}))
    finally:
        sys.setprofile(before)
    assert found is not None
    assert len(found.routes) == routes
    return made


def test_a_handler_is_not_sought_among_all() -> None:
    calls(1)
    assert calls(200) < 2.2 * calls(100)

"""What many findings stand on is hashed once."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from runcrew_lint.engine import fingerprint
from runcrew_lint.engine.excuse import region_of
from runcrew_lint.engine.fingerprint import Fingerprints
from runcrew_lint.engine.seen import Seen
from runcrew_lint.model.finding import Fault
from runcrew_lint.text import Place, Source, Span
from tests.secrets.reading import policy

LINE = Source("a.json", f"[{', '.join(map(str, range(1000)))}]\nsecond\n")


def test_a_long_line_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(side_effect=fingerprint._without)
    monkeypatch.setattr(fingerprint, "_without", read)
    made = Fingerprints(Seen(policy()), {"a.json": LINE}.get)

    def of(start: int, end: int, *veiled: Span) -> str:
        place = Place("a.json", Span(start, end))
        fault = Fault(place, "", veiled=tuple(Place("a.json", each) for each in veiled))
        return made.of("rule", fault, region_of(place, {"a.json": LINE}.get)).text

    assert len({of(at, at + 1) for at in range(1, 500)}) == 1
    assert read.call_count == 1
    second = LINE.text.index("second")
    assert len({of(1, 2), of(second, second + 1), of(1, 2, Span(1, 5))}) == 3
    assert read.call_count == 3

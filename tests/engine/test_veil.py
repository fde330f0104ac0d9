"""The veil: a text with its secrets covered, everything else where it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.engine.veil import Veil, covered
from runcrew_lint.model.finding import Fault
from runcrew_lint.text import Place, Source, Span

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda two: Span(min(two), max(two))))


@given(st.text("abc\r\n한", max_size=60), SPANS)
def test_nothing_moves(text: str, spans: list[Span]) -> None:
    veiled = covered(text, spans)
    assert Source("a", veiled).line_starts == Source("a", text).line_starts
    inside = {at for start, end in spans for at in range(start, min(end, len(text)))}
    assert all(veiled[at] == text[at] for at in range(len(text)) if at not in inside)


@given(st.text("abc", min_size=8, max_size=60), SPANS)
def test_no_more_than_a_preview_is_left(text: str, spans: list[Span]) -> None:
    veiled = covered(text, spans)
    for start, end in spans:
        value = veiled[start:end]
        shown = min(4, len(value) // 4)
        assert set(value[shown:]) <= {"*"}


def test_only_what_a_fault_veils_is_covered() -> None:
    sources = {name: Source(name, "password") for name in ("a", "b")}
    place = Place("a", Span(0, 8))
    veil = Veil(sources.get, [Fault(place, "", veiled=(place,)), Fault(Place("b", Span(0, 8)), "")])
    told = {name: veil(name) for name in ("a", "b", "c")}
    assert [source and source.text for source in told.values()] == ["pa******", "password", None]
    assert veil("a") is told["a"]
    assert sources["a"].text == "password"

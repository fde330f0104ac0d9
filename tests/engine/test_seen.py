"""Where a file's secrets stand is kept between runs: for the very text, in bounds, and never a value."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine import seen
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.database import FILE
from runcrew_lint.engine.run import Request, run
from runcrew_lint.engine.seen import Seen
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.text import render
from runcrew_lint.text import Source, Span
from tests.fixtures_git import repository_from
from tests.generated import KINDS
from tests.secrets.reading import policy

VALUE = KINDS["password"](random.Random("seen")).decode()
TEXT = f'JWT_SECRET = "{VALUE}"\n'
PLACE = {Span(TEXT.index(VALUE), TEXT.index(VALUE) + len(VALUE))}


def _spans(folder: Path, source: Source) -> frozenset[Span]:
    """What a run of its own finds."""
    cache = Cache(folder, folder / "repository")
    try:
        return Seen(policy(), cache).spans(source)
    finally:
        cache.close()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose secrets were looked for."""
    asked: list[str] = []
    make = seen._finder.__wrapped__

    def finder(*settings: Any) -> Callable[[Source], frozenset[Span]]:
        find = make(*settings)
        return lambda source: asked.append(source.path) or find(source)  # type: ignore[func-returns-value]

    monkeypatch.setattr(seen, "_finder", finder)
    return asked


def test_the_next_run_knows_the_places(tmp_path: Path, read: list[str]) -> None:
    for _ in range(2):
        assert _spans(tmp_path, Source("a.py", TEXT)) == PLACE
    assert read == ["a.py"]
    assert VALUE.encode() not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("other", [Source("a.py", f"\n{TEXT}"), Source("b.py", TEXT)], ids=["text", "path"])
def test_another_text_is_read_anew(tmp_path: Path, read: list[str], other: Source) -> None:
    for source in (Source("a.py", TEXT), other):
        (place,) = _spans(tmp_path, source)
        assert source.text[place.start : place.end] == VALUE
    assert read == ["a.py", other.path]


@pytest.mark.parametrize(
    "row", [None, 1, [[0]], [[0, 10**6]], [[5, 1]], [[-1, 2]], [["0", 1]], [[0, 1, 2]], {}]
)
def test_a_row_that_can_not_be_is_read_anew(tmp_path: Path, read: list[str], row: Any) -> None:
    source = Source("a.py", TEXT)
    cache = Cache(tmp_path, tmp_path / "repository")
    cache.store(Seen(policy(), cache)._key(source), {}, row)
    cache.close()
    assert _spans(tmp_path, source) == PLACE
    assert read == ["a.py"]


def test_what_is_asked_for_after_the_run_leaves_the_cache_alone(tmp_path: Path, read: list[str]) -> None:
    _spans(tmp_path, Source("a.py", TEXT))
    cache = Cache(tmp_path, tmp_path / "repository")
    late = Seen(policy(), cache)
    cache.close()
    assert late.spans(Source("late.py", TEXT)) == PLACE
    assert _spans(tmp_path, Source("a.py", TEXT)) == PLACE
    assert read == ["a.py", "late.py"]


def test_the_next_run_shows_its_files_without_looking_for_secrets(tmp_path: Path, read: list[str]) -> None:
    """The file that a finding only relates to is shown, too."""
    files = {"Dockerfile": "FROM node:22.1\n", "package.json": '{"engines": {"node": "18.x"}}\n'}
    root = repository_from(files, tmp_path / "root")
    request = Request(root, policy="runcrew", select=("node-version-drift",), cache=tmp_path / "cache")
    first = render(run(request), Look())
    assert "--> package.json" in first and "::: Dockerfile" in first
    read.clear()
    assert render(run(request), Look()) == first
    assert read == []


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_file_that_is_one_secret_covers_no_words_of_ours(tmp_path: Path, end: str) -> None:
    key = KINDS["private-key"](random.Random("seen")).decode().strip() + end
    root = repository_from({"deploy/server.key": key}, tmp_path / "root")
    (finding,) = run(Request(root, policy="runcrew", select=("private-key",), cache=None)).report.findings
    assert "private key" in finding.message

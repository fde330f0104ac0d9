"""A short run of everything that `make fuzz` runs for hours; RUNCREW_LINT_FUZZ_EXAMPLES makes it longer."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Span
from tests.fuzz import ledger, properties
from tests.fuzz.properties import Broken, empty, mends, reads, runs
from tests.fuzz.readers import HERE, READERS, corpus
from tests.fuzz.texts import Drawn, changed_repositories, drawn, holds
from tests.fuzz.trying import Trying, in_turn

EXAMPLES = int(os.environ.get("RUNCREW_LINT_FUZZ_EXAMPLES", "8"))
SAMPLE = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
CASES = sorted(file for file in (HERE / "cases").glob("*/*"))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite tells what has no end; how long the rest takes, which is a machine's, `make fuzz` tells."""
    if "RUNCREW_LINT_FUZZ_EXAMPLES" not in os.environ:
        monkeypatch.setattr(properties, "SLOWEST", properties.ENDLESS)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("name", READERS)
def test_no_text_is_too_odd(name: str, root: Path) -> None:
    reader = READERS[name]

    @SAMPLE
    @given(drawn(reader, 5_000))
    def tried(draw: Drawn) -> None:
        holds(reader, draw, root)

    tried()


def test_every_fix_keeps_a_file_whole(root: Path) -> None:
    @SAMPLE
    @given(changed_repositories())
    def tried(files: dict[str, str]) -> None:
        mends(root, files)

    tried()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.name)
def test_what_once_failed(file: Path, root: Path) -> None:
    """Each was found by `make fuzz`; the folder is the reader's name."""
    text = file.read_bytes().decode()
    if file.parent.name == "fixes":
        mends(root, json.loads(text))
        return
    reader = READERS[file.parent.name]
    reads(reader, text)
    runs(root, reader.files(text))


@pytest.mark.parametrize(
    "name", [name for name in READERS if name not in ("patterns", "secrets", "promises")]
)
def test_blank_lines_end(name: str) -> None:
    """A pattern that may begin at each blank line and reads on over the next takes the square of them."""
    reader = READERS[name]
    head = "".join(corpus(name))[:4000]
    reads(reader, f"{head}{chr(10) * 60_000}{head[:200]}")


def test_the_properties_can_fail(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that crashes, one that never ends, a place behind the end, a secret that is told."""
    reader = READERS["env"]
    with pytest.raises(ZeroDivisionError):
        reads(replace(reader, parse=lambda _: 1 / 0), "")
    with monkeypatch.context() as hasty, pytest.raises(Broken, match="slow env"):
        hasty.setattr(properties, "SLOWEST", 0.01)
        reads(replace(reader, parse=lambda _: sum(range(10**7))), "")
    with pytest.raises(Broken, match="place of the refusal"):
        monkeypatch.setattr("runcrew_lint.domains.environment.env_file.read", refuses_behind_the_end)
        reads(reader, "A=1")
    with pytest.raises(Broken, match="secret in"):
        runs(root, {"Dockerfile": "FROM python:latest\n"}, "python:latest")


def refuses_behind_the_end(_source: object, _reading: object) -> None:
    raise Unreadable("no", Span(0, 99))


def test_what_breaks_is_kept_until_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies, too, leaves the text that it died of; sums go on from round to round."""
    monkeypatch.setattr(ledger, "KEPT", tmp_path)

    def tries(trying: Trying) -> None:
        trying.one("a long odd text", _odd)
        trying.one("odd", _odd)
        trying.one("fine", _odd)
        trying.one("fatal", lambda _: os.kill(os.getpid(), signal.SIGKILL))

    in_turn(["env"], "drawn", 60, tries)
    kept = {ledger.reason(file): file.read_text() for file in ledger.broken("env")}
    assert kept == {"odd": "odd", "RuntimeError: drawn ended with -9": "fatal"}
    before = ledger.tried("env", "drawn")

    def again(trying: Trying) -> None:
        trying.again(lambda text: None if text == "fatal" else _odd(text))
        _spend(trying)

    in_turn(["env"], "drawn", 0.5, again)  # s of CPU, of which a fork takes some before its first input
    assert [ledger.reason(file) for file in ledger.broken("env")] == ["odd"]
    assert ledger.tried("env", "drawn").inputs > before.inputs
    assert "| env | 0." in ledger.table(["env"])


def _odd(text: str) -> None:
    if "odd" in text:
        raise Broken("odd", text)


def _spend(trying: Trying) -> None:
    while True:
        trying.one("fine", lambda _: None)

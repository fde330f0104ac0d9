"""One repository under an editor, without the editor: what makes a new run, and what ends one."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.editor.session import Document, Judged, Overtaken, Session
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Outcome, Request
from runcrew_lint.engine.run import run as plain
from runcrew_lint.model.errors import SetupError
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
RUN = "runcrew_lint.editor.session.run"
LATEST = 'FROM python\nUSER app\nCMD ["python"]\n'
FILES = {
    ".runcrew-lint.yaml": "extends: recommended\n",
    ".gitignore": "*.log\n",
    "Dockerfile": LATEST,
    "compose.yaml": "services: {}\n",
}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(Request(repository_from(FILES, tmp_path / "r"), memory=Memory()))
    made.touch("Dockerfile", Document("file:///Dockerfile", 1, LATEST))
    return made


def found(judged: Judged) -> list[str]:
    return [each.rule for each in judged.findings]


def test_the_open_text_is_judged(session: Session) -> None:
    assert not session.is_fresh
    assert found(session.judge()) == ["base-untagged"]
    assert session.is_fresh
    session.touch(
        "Dockerfile", Document("file:///Dockerfile", 2, LATEST.replace("python\n", "python:3.13\n"))
    )
    assert not session.is_fresh
    assert "base-untagged" not in found(session.judge())
    session.touch("Dockerfile", None)
    assert session.judge().findings == ()


def test_what_changes_on_the_disk_makes_a_run_where_a_run_would_see_it(session: Session) -> None:
    first = session.judge()
    assert not session.stir("Dockerfile")  # it is open: its text is the editor's
    assert session.is_fresh
    assert session.stir("debug.log")
    assert session.judge() is first
    assert session.is_fresh
    assert session.stir("compose.yaml")
    second = session.judge()
    assert second is not first
    session.stir("debug.log")
    assert session.judge() is second
    session.stir("debug.log")
    session.touch("Dockerfile", session.documents["Dockerfile"])
    assert session.judge() is not second


def test_a_run_ends_where_it_is_overtaken(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    went_on = []

    def overtaken(request: Request) -> Outcome:
        session.touch("Dockerfile", Document("file:///Dockerfile", 2, LATEST))
        outcome = plain(request)
        went_on.append(outcome)
        return outcome

    monkeypatch.setattr(RUN, overtaken)
    with pytest.raises(Overtaken):
        session.judge()
    assert not went_on
    assert session.last is None
    monkeypatch.setattr(RUN, plain)
    assert found(session.judge()) == ["base-untagged"]


@pytest.mark.parametrize(
    ("error", "said"),
    [(SetupError("no such key"), "no such key"), (ValueError("a secret"), "the run failed with ValueError")],
)
def test_what_keeps_a_run_from_its_end_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def failing(_: Request) -> Outcome:
        raise error

    monkeypatch.setattr(RUN, failing)
    judged = session.judge()
    assert judged.findings == ()
    (line,) = judged.wrong
    assert line.startswith(said)
    assert "a secret" not in line

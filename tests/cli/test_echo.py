"""A run that would say the same again judges, weighs and renders nothing; any other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine import hearing
from runcrew_lint.engine.run import Court, Outcome
from tests.commands import Done, said
from tests.fixtures_git import repository_from

FILES = {"Dockerfile": "FROM python\n", ".env": "PASSWORD=hunter2hunter2\n", "a/Dockerfile": "FROM node\n"}
PLAIN = ("--policy", "recommended")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return repository_from(FILES, tmp_path / "repository")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every run that was not an echo."""
    seen: list[object] = []
    hear = hearing.heard

    def noted(court: Court) -> Outcome:
        seen.append(court)
        return hear(court)

    monkeypatch.setattr(hearing, "heard", noted)
    return seen


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github", "junit"])
def test_the_same_again(folder: Path, heard: list[object], form: str) -> None:
    first = said(folder, *PLAIN, "--format", form)
    again = said(folder, *PLAIN, "--format", form)
    assert first == again
    assert first.returncode == 1
    assert "base-untagged" in first.stdout
    assert len(heard) == 1


OTHERS: dict[str, tuple[str, ...]] = {
    "another format": ("--format", "concise"),
    "to a file": ("--format", "text=report.txt", "--exclude", "*.txt"),
    "a folder": ("a",),
    "without a folder": ("--exclude", "a/**"),
    "another policy": ("--policy", "zibro"),
    "fewer rules": ("--ignore", "base-untagged"),
    "counted": ("--statistics",),
    "at length": ("--verbose",),
    "a page": ("--format", "html"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_asked_otherwise(folder: Path, heard: list[object], other: str) -> None:
    """What was said to another question is no answer."""
    said(folder, *PLAIN)
    done = said(folder, *PLAIN, *OTHERS[other])
    assert len(heard) == 2
    anew = said(folder, *PLAIN, *OTHERS[other], "--no-cache")
    assert _but_for_its_time(done) == _but_for_its_time(anew)


def test_in_colours(folder: Path, heard: list[object]) -> None:
    plain = said(folder, *PLAIN)
    assert plain != said(folder, *PLAIN, FORCE_COLOR="1")
    assert plain == said(folder, *PLAIN)
    assert len(heard) == 2


def _but_for_its_time(done: Done) -> Done:
    return done._replace(
        stderr="".join(line for line in done.stderr.splitlines(True) if "cache " not in line)
    )


def test_how_grave_is_grave_is_asked_each_time(folder: Path, heard: list[object]) -> None:
    codes = [
        said(folder, *PLAIN, *more).returncode
        for more in ((), ("--exit-zero",), ("--fail-on", "warning"), ("--fail-on", "error"))
    ]
    assert codes == [1, 0, 1, 1]
    assert len(heard) == 1


def test_a_report_is_written_each_time(folder: Path, heard: list[object]) -> None:
    arguments = (*PLAIN, "--format", "json=../report.json", "--format", "concise")
    said(folder, *arguments)
    report = folder.parent / "report.json"
    first = report.read_bytes()
    report.unlink()
    said(folder, *arguments)
    assert report.read_bytes() == first
    assert len(heard) == 1


def test_no_secret_is_in_the_store(folder: Path, heard: list[object]) -> None:
    """Nor is what a report covers of one."""
    assert "hunter2hunter2" not in said(folder, *PLAIN).stdout
    said(folder, *PLAIN)
    assert len(heard) == 1
    stored = b"".join(file.read_bytes() for file in (folder.parent / "cache").rglob("*") if file.is_file())
    assert b"base-untagged" in stored
    assert b"hunter2hunter2" not in stored


def test_a_fault_of_ours_is_met_again(
    folder: Path, heard: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from runcrew_lint.checks.images import base_untagged

    def broken(*_: object, **__: object) -> object:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(base_untagged, "check", broken)
        assert "rule-crashed" in said(folder, *PLAIN).stdout
    assert "rule-crashed" not in said(folder, *PLAIN).stdout
    assert len(heard) == 2

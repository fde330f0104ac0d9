"""A run that would say the same again judges, weighs and renders nothing; any other does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.engine import hearing
from runcrew_lint.engine.discover import Tree, discover
from runcrew_lint.engine.echo import Words, told
from runcrew_lint.engine.run import Court, Outcome, Request
from tests.commands import Done, said
from tests.fixtures_git import repository_from

GONE = '{"version": 1, "findings": [{"path": "gone", "rule": "base-untagged", "text": "FROM gone"}]}'
FILES = {
    "Dockerfile": "FROM python\n",
    ".env": "PASSWORD=hunter2hunter2\n",
    "a/Dockerfile": "FROM node\n",
    "vendor/notes.txt": "nobody's\n",
    ".runcrew-lint-baseline.json": GONE,
}
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
    "without what is not there": ("--exclude", "nothing/**"),  # what the baseline has is then not counted
}


@pytest.mark.parametrize("other", OTHERS)
def test_asked_otherwise(folder: Path, heard: list[object], other: str) -> None:
    """What was said to another question is no answer."""
    said(folder, *PLAIN)
    done = said(folder, *PLAIN, *OTHERS[other])
    assert len(heard) == 2
    assert done == said(folder, *PLAIN, *OTHERS[other], "--no-cache")


MORE: dict[str, tuple[str, ...]] = {
    "counted": ("--statistics",),
    "at length": ("--verbose",),
    "a page": ("--format", "html"),
    "of the past, too": ("--history",),
    "a job's summary": ("--format", "github"),
    "what a fix changes": ("--diff",),
}


@pytest.mark.parametrize("more", MORE)
def test_more_than_the_findings(folder: Path, heard: list[object], more: str) -> None:
    """Who tells more than the run's own findings hears it again."""
    for _ in range(2):
        said(folder, *PLAIN, *MORE[more], GITHUB_STEP_SUMMARY=str(folder.parent / "summary.md"))
    assert len(heard) == 2


def test_what_opens_a_file_that_nobody_answers_for(folder: Path, heard: list[object]) -> None:
    """Other people's code is not among what an answer is held against."""

    def tell(outcome: Outcome) -> Words:
        return Words((outcome.content("vendor/notes.txt").decode(),), (), "")

    request = Request(folder, policy="recommended", cache=folder.parent / "cache")
    assert told(request, "", tell).texts == ("nobody's\n",)
    (folder / "vendor/notes.txt").write_text("another's\n")
    assert told(request, "", tell).texts == ("another's\n",)


def test_a_policy_that_lies_elsewhere(folder: Path, heard: list[object]) -> None:
    """What it accepts is no severity, no option of a rule and no file of the repository."""
    policy = folder.parent / "policy.yaml"
    policy.write_text("extends: recommended\n")
    assert "base-untagged" in said(folder, "--policy", str(policy)).stdout
    policy.write_text("extends: recommended\nexcuses: [{rules: [base-untagged], reason: it moves}]\n")
    assert "base-untagged" not in said(folder, "--policy", str(policy)).stdout


def test_what_git_warns_of(folder: Path, heard: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    said(folder, *PLAIN)

    def warned(root: Path, exclude: Iterable[str] = ()) -> Tree:
        return replace(discover(root, exclude), notices=("git says: a folder can't be opened",))

    monkeypatch.setattr("runcrew_lint.engine.run.discover", warned)
    assert "can't be opened" in said(folder, *PLAIN).stdout


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

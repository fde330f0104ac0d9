"""Whatever lies in a repository: one clear finding where somebody may miss it, and all else is linted."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.engine.discover import Tree, discover
from runcrew_lint.engine.disk import MAX_BYTES
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Finding
from runcrew_lint.text import Source
from tests.engine import toy
from tests.engine.counting import unprivileged
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")

WITNESS = {"z.note": "bad\n", "Dockerfile": "FROM python:latest\nUSER a\n"}
SEEN = {("toy-word", "z.note", 1), ("base-untagged", "Dockerfile", 1)}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    toy.install(monkeypatch)
    return repository_from(WITNESS, tmp_path / "root")


def findings(root: Path, cache: Path | None = None) -> list[Finding]:
    return list(run(Request(root, cache=cache)).report.findings)


def placed(found: Iterable[Finding]) -> set[tuple[str, str, int]]:
    return {(finding.rule, finding.path, finding.line) for finding in found}


BOM16 = codecs.BOM_UTF16_LE
_HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
CONTENTS: list[tuple[str, bytes, set[tuple[str, int]], str]] = [
    ("a.note", b"", set(), ""),
    ("a.note", b"\n\n bad", {("toy-word", 3)}, ""),
    ("a.note", codecs.BOM_UTF8 + b"bad", {("toy-word", 1)}, ""),
    ("a.note", b"x\r\ny\r\nbad\r\n", {("toy-word", 3)}, ""),
    ("a.note", b"x\ry\rbad\r", {("toy-word", 3)}, ""),
    ("a.note", BOM16 + "x\nbad\n".encode("utf-16-le"), {("toy-word", 2)}, ""),
    ("a.note", codecs.BOM_UTF16_BE + "bad\n".encode("utf-16-be"), {("toy-word", 1)}, ""),
    ("a.note", "bad\n".encode("utf-16-le"), set(), ""),  # no mark: the needle is nowhere in it
    ("a.note", b"bad \0", {("file-skipped", 1)}, "it is binary"),
    ("a.note", b"good\nbad \xff\n", {("file-unreadable", 2)}, "line 2 is not UTF-8 (byte 0xff)"),
    ("a.note", b"bad \xff\x01\n", {("file-skipped", 1)}, "it is binary"),
    ("a.note", b"bad\n" * (MAX_BYTES // 4) + b"\n", {("file-skipped", 1)}, "more than 4,194,304"),
    ("a.note", b"good\n  broken", {("file-unreadable", 2)}, "it says that it is broken"),
    ("a.note", b"boom", {("rule-crashed", 1)}, "the note reader failed with RuntimeError at"),
    ("any.png", b"\x89PNG\0" * 99, set(), ""),
    ("any.ai", b"%PDF-1.4\x01\xff runcrew-lint: ignore[x]", set(), ""),
    ("any.mp4", b"\0" * (MAX_BYTES + 1), set(), ""),
    ("any.sql", b"-- x\n" * (MAX_BYTES // 5) + b"-- much\n", {("file-skipped", 1)}, "more than 4,194,304"),
    ("any.po", b"# \xe9\n# runcrew-lint: ignore[nothing] why\n", {("suppression-unknown-rule", 2)}, ""),
    ("a.js", b"const name = process.env.NAME; // \xe9\n", set(), ""),
    (".gitignore", b"# caf\xe9\n.env\n", set(), ""),
    ("eas.json", b"{", {("eas-unreadable", 1)}, ""),
    ("eas.json", b"{\n" + b"[" * 100_000, {("eas-unreadable", 2)}, ""),
    (".github/workflows/a.yml", b"on: push\njobs: {a: [}\n", {("file-unreadable", 2)}, "not YAML"),
    (".github/workflows/a.yml", b"[" * 100_000, {("file-unreadable", 1)}, "nested"),
    ("v/a.py", b"down_revision = (\n", {("migration-unreadable", 1)}, f"not valid Python {_HERE}, on which"),
    ("v/a.py", b"down_revision = " + b"(" * 100_000, {("migration-unreadable", 1)}, ""),
    ("v/a.py", b"down_revision = 1\0\n", {("file-skipped", 1)}, "it is binary"),
    ("src/a.ts", b"process.env.A\n" + b"case 1:" * 9000, {("file-skipped", 1)}, "does not parse"),
    ("n\nl.note", b"bad", {("toy-word", 1)}, ""),
    ("\x1b[31m.note", b"bad", {("toy-word", 1)}, ""),
    ("\udcff.note", b"bad", {("toy-word", 1)}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("path", "content", "expected", "said"), CONTENTS)
def test_content(
    root: Path, tmp_path: Path, path: str, content: bytes, expected: set[tuple[str, int]], said: str
) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)
    found = findings(root, tmp_path / "cache")
    assert placed(found) == SEEN | {(rule, path, line) for rule, line in expected}
    here = [finding for finding in found if finding.path == path]
    assert len(here) == len(expected), "one line each"
    assert all(said in finding.message for finding in here)
    for _ in range(2):
        assert findings(root, tmp_path / "cache") == found


@pytest.mark.parametrize("path", ["z.note", "any.txt", "inside/z.note"])
def test_a_file_that_may_not_be_read(root: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("bad\n")
    monkeypatch.setenv("HOME", str(root))
    findings(root)  # what is imported on the way may lie where nobody may read
    (root / path).chmod(0)
    with unprivileged(root):
        found = findings(root)
    assert placed(found) == {*SEEN - {("toy-word", path, 1)}, ("file-unreadable", path, 1)}
    assert "it can't be opened: Permission denied" in str(found)


@pytest.mark.parametrize("tracked", [True, False])
def test_a_folder_that_may_not_be_entered(root: Path, tracked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "shut").mkdir()
    (root / "shut/a.note").write_text("bad\n")
    if tracked:
        git(root, "add", "shut")
    monkeypatch.setenv("HOME", str(root))
    findings(root)
    (root / "shut").chmod(0)
    with unprivileged(root):
        report = run(Request(root)).report
    (root / "shut").chmod(0o755)
    said = [*report.notices, *(finding.message for finding in report.findings)]
    assert placed(list(report.findings)) >= SEEN
    assert any("Permission denied" in line for line in said)


def _gone(file: Path) -> None:
    file.unlink()


def _piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _linked(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


def _linked_above(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.symlink_to(file.parent.parent.parent / "outside")


def _grown(file: Path) -> None:
    file.write_bytes(b"bad\n" * MAX_BYTES)


MOVES: dict[str, tuple[Callable[[Path], None], str]] = {
    "vanishes": (_gone, "it vanished while this ran"),
    "becomes a pipe": (_piped, "it is no regular file"),
    "becomes a link": (_linked, "it is no regular file"),
    "comes to lie behind a link": (_linked_above, "a folder above it is a link"),
    "grows": (_grown, "bytes, more than"),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_file_that_changes_during_the_run(root: Path, move: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing and the reading anything may happen, on purpose too."""
    act, said = MOVES[move]
    (root / "d").mkdir()
    (root / "d/a.note").write_text("bad\n")
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "a.note").write_text("badly private\n")

    def discover_then_act(*arguments: Any) -> Tree:
        tree = discover(*arguments)
        act(root / "d/a.note")
        return tree

    monkeypatch.setattr("runcrew_lint.engine.run.discover", discover_then_act)
    found = findings(root)
    assert placed(found) == {*SEEN, ("file-skipped", "d/a.note", 1)}
    assert said in str(found)


def test_what_is_passed_over_is_said(root: Path) -> None:
    (root / "out").symlink_to("/etc")
    (root / "web.Dockerfile").symlink_to("Dockerfile")
    (root / "api.Dockerfile").symlink_to("nowhere")
    assert placed(findings(root)) == {
        *SEEN,
        ("file-skipped", "out", 1),
        ("file-skipped", "api.Dockerfile", 1),
    }
    report = run(Request(root, exclude=("out", "api.*"))).report
    assert placed(list(report.findings)) == SEEN
    assert placed(list(run(Request(root, targets=frozenset({"z.note"}))).report.findings)) == {
        ("toy-word", "z.note", 1)
    }


def test_a_check_that_crashes_is_one_finding_and_the_other_files_keep_theirs(root: Path) -> None:
    (root / "a.note").write_text("bad\n")
    (root / "m.note").write_text("bad boom-check\n")
    found = findings(root)
    assert placed(found) == {*SEEN, ("toy-word", "a.note", 1), ("rule-crashed", "m.note", 1)}
    assert "the rule toy-word failed with RuntimeError at" in str(found)


@pytest.mark.parametrize("fault", [FileNotFoundError, PermissionError, NotADirectoryError])
@pytest.mark.parametrize(("of", "who"), [("read", "the note reader"), ("check_words", "the rule toy-word")])
def test_what_our_own_code_can_not_open_is_no_fault_of_the_file(
    root: Path, of: str, who: str, fault: type[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def opens(*_: object) -> None:
        raise fault(2, "of its own")

    monkeypatch.setattr(toy, of, opens)
    toy.install(monkeypatch)
    found = findings(root)
    assert placed(found) == {*SEEN - {("toy-word", "z.note", 1)}, ("rule-crashed", "z.note", 1)}
    assert f"{who} failed with {fault.__name__}" in str(found)


def test_a_narrow_run_tells_of_a_crash_too(root: Path) -> None:
    (root / "m.note").write_text("bad boom-check\n")
    found = run(Request(root, select=("toy-word",))).report.findings
    assert ("rule-crashed", "m.note", 1) in placed(found)


def test_a_mend_that_crashes_leaves_its_finding(root: Path) -> None:
    (root / "a.note").write_text("boom-mend\n")
    (finding,) = [finding for finding in findings(root) if finding.path == "a.note"]
    assert finding.fix is None
    assert "the mend toy.boom failed with RuntimeError" in str(finding.notes)


def test_a_crash_shows_no_value_of_the_input(root: Path) -> None:
    (root / "a.note").write_text("boom hunter2\n")
    found = findings(root)
    assert placed(found) == SEEN | {("rule-crashed", "a.note", 1)}
    assert "hunter2" not in str(found)


def _revisions(root: Path, *broken: str) -> None:
    """A merged history r0 - (a1, b1) - m2, of which some files are no Python."""
    parents = {"r0": "None", "a1": "'r0'", "b1": "'r0'", "m2": "('a1', 'b1')"}
    (root / "v").mkdir()
    for at, (name, parent) in enumerate(parents.items()):
        end = "(" if name in broken else ""
        text = f"revision = '{name}'\ndown_revision = {parent}\ndef upgrade() -> None: pass{end}\n"
        (root / f"v/{at}.py").write_text(text)


GRAPH = ("multiple-heads", "multiple-bases", "missing-parent")


@pytest.mark.parametrize("broken", [(), ("r0",), ("a1",), ("m2",), ("r0", "m2")])
def test_a_revision_that_does_not_read_is_not_missed(root: Path, broken: tuple[str, ...]) -> None:
    _revisions(root, *broken)
    found = run(Request(root, select=(*GRAPH, "migration-unreadable"))).report.findings
    assert [each.rule for each in found] == ["migration-unreadable"] * len(broken)


def test_a_revision_whose_reader_crashed_is_not_missed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def upset(source: Source, reading: Reading) -> Migration | None:
        if source.path == "v/3.py":
            raise ZeroDivisionError
        return read(source, reading)

    read = alembic.read
    monkeypatch.setattr(alembic, "read", upset)
    _revisions(root)
    found = run(Request(root, select=GRAPH)).report.findings
    assert [each.rule for each in found] == ["rule-crashed"]


def test_what_rules_share_crashes_once_and_names_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def upset(*_: object) -> None:
        tried.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr("runcrew_lint.domains.migrations.history.lineages_of", upset)
    _revisions(root)
    (finding,) = run(Request(root, select=GRAPH)).report.findings
    assert finding.rule == "rule-crashed" and len(tried) == 1
    assert finding.message.startswith(f"what {len(GRAPH)} rules share failed with ZeroDivisionError at ")
    assert [(each.label, each.text) for each in finding.notes] == [("silent", ", ".join(sorted(GRAPH)))]


@pytest.mark.parametrize(("encoding", "mends"), [("utf-8", True), ("utf-16", False)])
def test_nothing_is_added_to_a_file_that_can_not_be_written_back(
    encoding: str, mends: bool, tmp_path: Path
) -> None:
    files = {"app/main.py": 'import os\nprint(os.environ["A"], os.environ["B"])\n', "app/pyproject.toml": ""}
    root = repository_from(files, tmp_path / "root")
    (root / "app/.env.example").write_bytes("A=\n".encode(encoding))
    found = [each for each in run(Request(root)).report.findings if each.rule == "env-undocumented"]
    assert [each.fix is not None for each in found] == [mends]

"""The cache under every kind of damage: the answer stays the same, and the next run is warm again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine import cache as cache_module
from runcrew_lint.engine import database
from runcrew_lint.engine.database import FILE
from runcrew_lint.engine.echo import Words, told
from runcrew_lint.engine.run import Request, run
from runcrew_lint.reporters.json import as_data
from tests.engine import toy
from tests.engine.counting import opened, unprivileged
from tests.engine.walk import said
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

FILES = {
    "a.note": "include b.note\nbad1\n",
    "b.note": "bad2\n",
    "c.note": "broken\n",
    "Dockerfile": "FROM python:latest\nUSER a\n",
    "readme.md": "nothing\n",
}
DAY = 24 * 3600


class Lab:
    """One repository and its cache, both old enough for times to be trusted."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        toy.install(patch)
        self.root, self.folder, self._patch = repository_from(FILES, folder / "root"), folder / "cache", patch
        self.file = self.folder / FILE
        self.sleep(10)

    def sleep(self, seconds: float) -> None:
        now = time.time_ns() + int(seconds * 10**9)
        self._patch.setattr(time, "time_ns", lambda: now)

    def lint(self) -> tuple[Any, list[str]]:
        """The report, and the files that were opened for it (a reader's own, not those of positions)."""
        with opened() as paths:
            report = as_data(run(Request(self.root, cache=self.folder)).report)
        return report, paths

    def part(self) -> Any:
        """The report on one file, which no answer to the whole is kept for."""
        return as_data(run(Request(self.root, frozenset({"a.note"}), cache=self.folder)).report)

    def words(self) -> Words:
        """What the run says, as often as it says the same."""
        return told(Request(self.root, cache=self.folder), "json", said)

    def sql(self, statement: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return Lab(tmp_path, monkeypatch)


# A finding's lines and columns are counted in its file, so a warm run opens those with findings.
WITH_FINDINGS = {"a.note", "b.note", "c.note", "Dockerfile"}


def test_a_warm_run_opens_only_files_with_findings_and_writes_nothing(lab: Lab) -> None:
    cold, read_cold = lab.lint()
    assert set(read_cold) == set(FILES)
    before = lab.file.read_bytes()
    warm, read_warm = lab.lint()
    assert warm == cold
    assert set(read_warm) == WITH_FINDINGS
    assert lab.file.read_bytes() == before
    assert [path.name for path in lab.folder.iterdir()] == [FILE]
    assert lab.folder.stat().st_mode & 0o777 == 0o700


def _half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _scribbled(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5000:] = b"\xa5" * len(content[5000:])
    file.write_bytes(bytes(content))


def _other_schema(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE facts (a); CREATE VIEW files AS SELECT 1 AS b;")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HEALED: dict[str, Callable[[Path], object]] = {
    "garbage": lambda file: file.write_bytes(b"no database " * 1000),
    "empty": lambda file: file.write_bytes(b""),
    "truncated": _half,
    "scribbled over": _scribbled,
    "another schema": _other_schema,
    "gone": lambda file: file.unlink(),
    "a stale journal": lambda file: file.with_name(f"{FILE}-journal").write_bytes(b"\xd9\xd5\x05\xf9 " * 99),
}


@pytest.mark.parametrize("damage", HEALED)
def test_damage_is_a_miss_and_heals(lab: Lab, damage: str) -> None:
    cold, _ = lab.lint()
    HEALED[damage](lab.file)
    assert lab.lint()[0] == cold
    lab.lint()
    report, paths = lab.lint()
    assert report == cold
    assert set(paths) == WITH_FINDINGS


def test_a_folder_in_its_place_is_left_alone(lab: Lab) -> None:
    cold, _ = lab.lint()
    _folder(lab.file)
    assert lab.lint()[0] == cold
    assert lab.file.is_dir()


STRANGE: list[object] = [
    None, "", "x", "[]", "[1]", "null", "{}", '{"trouble": []}', '{"trouble": [1, 2, 3]}', "[" * 100_000,
    "9" * 9999, '["a.note", [["bad", ["a", {}]]], []]', '["z.note", [], []]', '[[["a"], null]]', "NaN",
    '[["b.note", {}]]', -1, 1 << 62, 1.5, b"", b"\xff" * 16, "\x00",
]  # fmt: skip
PLAUSIBLE: dict[tuple[str, str], tuple[object, ...]] = {
    ("files", "digest"): (b"\xff" * 16,),
    ("facts", "consulted"): (None, "", "[]", "{}"),
    ("facts", "value"): ("null",),
    ("files", "path"): (None,),  # the table itself refuses it
}
COLUMNS = {
    "facts": ("consulted", "value", "used"),
    "files": ("path", "size", "modified", "changed", "inode", "digest", "blank", "used"),
}


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in COLUMNS.items() for c in columns])
def test_hostile_rows_are_misses(lab: Lab, table: str, column: str) -> None:
    """But for lies that are well formed: nothing was found, nothing consulted, another digest."""
    cold, words, part = lab.lint()[0], lab.words(), lab.part()
    for strange in STRANGE:
        if strange in PLAUSIBLE.get((table, column), ()):
            continue
        lab.sql(f"UPDATE OR REPLACE {table} SET {column} = ?", strange)
        assert lab.part() == part, strange
        lab.sql(f"UPDATE OR REPLACE {table} SET {column} = ?", strange)
        assert lab.words() == words, strange
        assert lab.lint()[0] == cold, strange
        assert lab.lint()[0] == cold, strange


def test_text_that_is_no_text(lab: Lab) -> None:
    cold, _ = lab.lint()
    lab.sql("UPDATE facts SET value = CAST(x'ff00fe' AS TEXT), consulted = CAST(x'c3' AS TEXT)")
    lab.sql("UPDATE files SET blank = CAST(x'ff' AS TEXT)")
    assert lab.lint()[0] == cold
    lab.lint()
    assert set(lab.lint()[1]) == WITH_FINDINGS


@pytest.mark.parametrize("there", [True, False], ids=["a store is there", "none is there"])
def test_a_read_only_folder(lab: Lab, there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(lab.root))  # git reads its user's configuration there
    lab.lint()
    if there:
        lab.file.chmod(0o444)
    else:
        lab.file.unlink()
    lab.folder.chmod(0o555)
    (lab.root / "b.note").write_text("bad3\n")
    with unprivileged(lab.folder):
        report, paths = lab.lint()
    lab.folder.chmod(0o755)
    assert "bad3" in str(report)
    assert ("readme.md" in paths) != there, "what is known can still be read"
    assert lab.file.exists() == there


def test_a_cache_folder_that_can_not_be_made(lab: Lab) -> None:
    cold, _ = lab.lint()
    shutil.rmtree(lab.folder)
    lab.folder.write_text("a file")
    assert lab.lint()[0] == cold
    assert lab.folder.read_text() == "a file"


def test_a_lock_that_somebody_holds(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    cold, _ = lab.lint()
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    store = lab.file.stat().st_ino
    with closing(sqlite3.connect(lab.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert lab.lint()[0] == cold
        other.execute("ROLLBACK")
    assert lab.file.stat().st_ino == store, "it is somebody else's, too"
    assert set(lab.lint()[1]) == WITH_FINDINGS


def test_many_processes_at_once(tmp_path: Path) -> None:
    """Every one of them tells the same, and the file they leave is whole."""
    files = {f"f{n}/Dockerfile": f"FROM python:latest\nUSER u{n}\n" for n in range(60)}
    root = repository_from(files, tmp_path / "root")
    command = [sys.executable, "-m", "runcrew_lint.cli.main", "--cache-dir", str(tmp_path / "cache")]
    for _ in range(2):
        running = [
            subprocess.Popen([*command, "--format", "json", str(root)], stdout=subprocess.PIPE)
            for _ in range(4)
        ]
        said = {process.communicate()[0] for process in running}
        assert len(said) == 1
        assert b"base-untagged" in said.pop()
    alone = subprocess.run(
        [*command, str(root)], stdout=subprocess.DEVNULL
    )  # on a busy machine, all may give up
    assert alone.returncode == 1
    with closing(sqlite3.connect(tmp_path / "cache" / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM facts").fetchone()[0] >= 60


def test_whichever_question_finds_it_locked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may hold it for longer than a run waits, and begin to at any moment."""
    ask, asked, locked = database.Database.ask, list[object](), 0

    def ask_or_give_up(self: database.Database, act: Callable[[sqlite3.Connection], Any]) -> Any:
        asked.append(act)
        if len(asked) == locked:
            self.close()
            return None
        return ask(self, act)

    without = as_data(run(Request(lab.root)).report)
    monkeypatch.setattr(database.Database, "ask", ask_or_give_up)
    for is_warm in (False, True):
        asked.clear()
        locked = 0
        assert lab.lint()[0] == without
        for locked in range(1, len(asked) + 1):
            if not is_warm:
                shutil.rmtree(lab.folder)
            asked.clear()
            assert lab.lint()[0] == without, f"warm: {is_warm}, question {locked}"
        lab.sleep(10)


def test_rows_that_nobody_uses_are_dropped(lab: Lab) -> None:
    lab.lint()
    (lab.root / "b.note").write_text("bad3\n")
    for _ in range(5):  # used again and again, a row is kept for longer than thirty days
        lab.sleep(9 * DAY)
        lab.lint()
    kept = {path for (path,) in lab.sql("SELECT path FROM files")}
    assert kept == {name.encode() for name in FILES}
    facts = [value for (value,) in lab.sql("SELECT value FROM facts")]
    assert any("bad3" in value for value in facts)
    assert not any("bad2" in value for value in facts), "nobody asked for the old content of b.note"
    (lab.root / "readme.md").unlink()
    for _ in range(5):
        lab.sleep(9 * DAY)
        lab.lint()
    assert (b"readme.md",) not in lab.sql("SELECT path FROM files")


def test_names_that_are_no_text(lab: Lab) -> None:
    for name in (b"\xff.note", b"new\nline.note", "노트.note".encode()):
        Path(os.fsdecode(os.fsencode(lab.root) + b"/" + name)).write_text("bad3\n")
    lab.sleep(10)
    cold, _ = lab.lint()
    assert sum("bad3" in str(finding) for finding in cold["findings"]) == 3
    assert lab.lint()[0] == cold
    assert len(lab.sql("SELECT path FROM files")) == len(FILES) + 3


def test_tags_of_old_policies_do_not_pile_up(lab: Lab) -> None:
    for n in range(cache_module._TAGS + 5):
        (lab.root / ".runcrew-lint.yaml").write_text(f"branches: [b{n}]\n")
        lab.lint()
    (blank,) = lab.sql("SELECT max(length(blank)) FROM files")[0]
    assert blank <= cache_module._TAGS * 17

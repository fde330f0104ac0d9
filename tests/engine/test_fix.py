"""Fixes: whole or not at all, to a fixpoint, on files that still read, written so that no kill does harm."""

from __future__ import annotations

import codecs
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from runcrew_lint.cli.main import cli
from runcrew_lint.engine import fix
from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.draft import drafted
from runcrew_lint.engine.mend import apply
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Edit, Fix, MendRequest, NewFile, Safety
from runcrew_lint.text import Source, Span
from tests.engine import toy
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")


def a_fix(*edits: tuple[int, int, str], path: str = "f") -> Fix:
    return Fix("title", Safety.SAFE, tuple(Edit(path, Span(start, end), text) for start, end, text in edits))


@pytest.mark.parametrize(
    ("fixes", "expected", "made"),
    [
        ([], "abcdef", []),
        ([[(0, 1, "X")]], "Xbcdef", [0]),
        ([[(4, 6, "")], [(0, 0, "X")]], "Xabcd", [0, 1]),
        ([[(0, 3, "X")], [(2, 4, "Y")]], "Xdef", [0]),
        ([[(0, 3, "X")], [(3, 4, "Y")]], "XYef", [0, 1]),
        ([[(0, 3, "X")], [(1, 2, "Y")], [(4, 5, "Z")]], "XdZf", [0, 2]),
        ([[(2, 2, "X")], [(2, 2, "Y")]], "abXcdef", [0]),
        ([[(2, 2, "X")], [(2, 3, "Y")]], "abXYdef", [0, 1]),
        ([[(2, 4, "X")], [(3, 3, "Y")]], "abXef", [0]),
        ([[(0, 1, "X"), (5, 6, "Y")], [(5, 6, "Z"), (2, 3, "Z")]], "XbcdeY", [0]),
        ([[(0, 1, "X"), (0, 2, "Y")], [(2, 3, "Z")]], "abZdef", [1]),
        ([[(1, 1, "X"), (1, 1, "Y")]], "abcdef", []),
        ([[(5, 7, "X")], [(-1, 1, "X")], [(3, 2, "X")]], "abcdef", []),
        ([[(6, 6, "X")]], "abcdefX", [0]),
    ],
)
def test_a_fix_is_made_whole_or_not_at_all(
    fixes: list[list[tuple[int, int, str]]], expected: str, made: list[int]
) -> None:
    given = [a_fix(*edits) for edits in fixes]
    assert apply("abcdef", given, "f") == (expected, [given[index] for index in made])


def test_edits_of_another_file_stay_there() -> None:
    both = Fix("t", Safety.SAFE, (*a_fix((0, 1, "X")).edits, *a_fix((0, 1, "Y"), path="g").edits))
    assert apply("abc", [both], "f") == ("Xbc", [both])


class Bench:
    """A repository of notes, mended by swaps."""

    def __init__(self, folder: Path) -> None:
        self.root = repository_from({}, folder / "root")

    def write(self, path: str, content: bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def mend(self, cache: Path | None = None) -> fix.Mended:
        return fix.mend(Request(self.root, select=("toy",), cache=cache), unsafe=False)

    def fixed(self) -> dict[str, str]:
        mended = self.mend()
        left = dict(fix.write(self.root, mended))
        assert self.leftovers() == []
        return left

    def leftovers(self) -> list[str]:
        return [path.name for path in self.root.rglob(".runcrew-lint-*")]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    toy.install(monkeypatch)
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a swap-b c\n", b"a b c\n"),
        (b"swap-a swap-b", b"a b"),
        (b"swap-swap-swap-a\n", b"a\n"),
        (b"x\r\nswap-twice\r\n", b"x\r\ntwo\r\nlines\r\n"),
        (b"x\nswap-twice\r\n", b"x\ntwo\nlines\r\n"),
        (codecs.BOM_UTF8 + "한 swap-글\n".encode(), codecs.BOM_UTF8 + "한 글\n".encode()),
        (codecs.BOM_UTF16_LE + "swap-a".encode("utf-16-le"), None),
        (b"fine \xff swap-a", None),
    ],
)
def test_what_is_kept(bench: Bench, before: bytes, after: bytes | None) -> None:
    file = bench.write("d/a.note", before)
    file.chmod(0o754)
    assert bench.fixed() == {}
    assert file.read_bytes() == (before if after is None else after)
    assert file.stat().st_mode & 0o7777 == 0o754
    assert bench.mend().contents == {}, "twice equals once"


def test_the_report_after_it_is_of_the_mended_text(bench: Bench, tmp_path: Path) -> None:
    bench.write("a.note", b"bad1\nswap-b swap-bad2\n")
    for _ in range(2):  # cold, then with every answer cached
        mended = bench.mend(tmp_path / "cache")
        assert [len(mended.fixes), mended.contents] == [2, {"a.note": b"bad1\nb bad2\n"}]
        said = [(finding.line, finding.message) for finding in mended.outcome.report.findings]
        assert said == [(1, "the word bad1 is here"), (2, "the word bad2 is here")]
        assert len(mended.before.report.findings) == 3


def test_unsafe_fixes_are_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = toy.swap
    monkeypatch.setattr(toy, "swap", lambda *given: replace(safe(*given), safety=Safety.UNSAFE))
    bench.write("a.note", b"swap-b\n")
    assert bench.mend().contents == {}
    assert fix.mend(Request(bench.root, select=("toy",)), unsafe=True).contents == {"a.note": b"b\n"}


def swap_to(text: str) -> Callable[[MendRequest, Source], Fix]:
    def swap(request: MendRequest, source: Source) -> Fix:
        word = dict(request.arguments)["word"]
        return Fix("t", Safety.SAFE, (Edit(source.path, request.place.span, text.format(word=word)),))

    return swap


@pytest.mark.parametrize("endless", ["swap-{word}x", "swap-{word} swap-{word}"])
def test_fixes_that_come_to_no_end_change_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, endless: str
) -> None:
    monkeypatch.setattr(toy, "swap", swap_to(endless))
    bench.write("a.note", b"swap-b\n")
    mended = bench.mend()
    assert (mended.contents, mended.fixes) == ({}, ())
    assert [finding.path for finding in mended.outcome.report.findings] == ["a.note"]


@pytest.mark.parametrize(
    ("path", "text", "breaking", "after"),
    [
        ("a.py", "x = 'swap-b'  # swap-c\n", "'", "x = 'swap-b'  # c\n"),
        ("a.yaml", "x: [1]  # swap-c\ny: 'swap-b'\n", "'", "x: [1]  # c\ny: 'swap-b'\n"),
        ("a.json", '{"a": "swap-b", "c": "swap-c"}', '"', '{"a": "swap-b", "c": "c"}'),
        ("a.toml", 'a = "swap-b"\nb = "swap-c"\n', '"', 'a = "swap-b"\nb = "c"\n'),
        ("Dockerfile", "FROM a\nRUN swap-c swap-b\n", "\nWALK", "FROM a\nRUN c swap-b\n"),
        ("a.txt", "swap-b swap-c", "'", "' c"),
    ],
)
def test_a_fix_that_breaks_the_file_is_not_made_and_the_others_are(
    path: str, text: str, breaking: str, after: str
) -> None:
    """Each text has two words to swap; what `swap-b` becomes breaks the syntax."""
    fixes = []
    for word, new in (("swap-b", breaking), ("swap-c", "c")):
        at = text.index(word)
        fixes.append(a_fix((at, at + len(word), new), path=path))
    assert drafted(fixes, {path: text}.get, fix.reads).text(path) == after


def over(*paths: str, at: int = 0, new: str = "") -> Fix:
    """A fix that replaces the character at `at` in each file, and creates `new`."""
    edits = tuple(Edit(path, Span(at, at + 1), "X") for path in paths)
    return Fix("t", Safety.SAFE, edits, (NewFile(new, "new\n"),) if new else ())


@pytest.mark.parametrize(
    ("fixes", "made", "texts"),
    [
        ([over("f", "g")], [0], {"f": "Xb", "g": "Xb"}),
        ([over("f"), over("g", "f")], [0], {"f": "Xb", "g": "ab"}),
        ([over("f", "g"), over("g", at=1)], [0, 1], {"f": "Xb", "g": "XX"}),
        ([over("f", "gone")], [], {"f": "ab"}),
        ([over("f", new="d/n")], [0], {"f": "Xb", "d/n": "new\n"}),
        ([over("f", new="g")], [], {"f": "ab", "g": "ab"}),
        (
            [over("f", new="d/n"), over("g", new="d/m"), over("g", new="e/m")],
            [0, 2],
            {"g": "Xb", "d/m": None},
        ),
    ],
)
def test_a_fix_is_whole_in_all_its_files(
    fixes: list[Fix], made: list[int], texts: dict[str, str | None]
) -> None:
    draft = drafted(fixes, {"f": "ab", "g": "ab"}.get, lambda path, text: True)
    assert draft.made == [fixes[index] for index in made]
    assert {path: draft.text(path) for path in texts} == texts


def test_a_fix_that_breaks_one_of_its_files_is_made_in_none() -> None:
    texts = {"a.py": "x = 1\n", "b.py": "y = 2\n"}
    broken = Fix("t", Safety.SAFE, (Edit("a.py", Span(0, 1), "z"), Edit("b.py", Span(0, 1), "(")))
    fine = Fix("t", Safety.SAFE, (Edit("a.py", Span(4, 5), "3"),))
    lame = Fix("t", Safety.SAFE, (Edit("b.py", Span(4, 5), "3"),), (NewFile("c.py", "def"),))
    draft = drafted([broken, fine, lame], texts.get, fix.reads)
    assert {path: draft.text(path) for path in (*texts, "c.py")} == {
        "a.py": "x = 3\n",
        "b.py": "y = 2\n",
        "c.py": None,
    }


def followed(request: MendRequest, source: Source) -> Fix:
    """Takes the word away and writes it into a file of its own."""
    word = str(dict(request.arguments)["word"])
    edit = Edit(source.path, request.place.span, "done")
    return Fix("t", Safety.SAFE, (edit,), (NewFile(f"{source.path[0]}/{word}.note", f"bad-{word}\n"),))


def test_new_files_come_one_a_round_and_are_linted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy, "swap", followed)
    bench.write("d/a.note", b"swap-b swap-c swap-b\n")
    mended = bench.mend()
    assert mended.contents == {
        "d/a.note": b"done done swap-b\n",
        "d/b.note": b"bad-b\n",
        "d/c.note": b"bad-c\n",
    }
    said = [finding.message for finding in mended.outcome.report.findings]
    assert said == ["the word swap-b is here", "the word bad-b is here", "the word bad-c is here"]
    assert not (bench.root / "d/b.note").exists()
    patch = bench.root.parent / "patch"
    patch.write_text("".join(fix.diff(mended)), newline="")
    git(bench.root, "apply", "--check", str(patch))
    assert bench.fixed() == {}
    assert (bench.root / "d/b.note").read_bytes() == b"bad-b\n"
    umask = os.umask(0)
    os.umask(umask)
    assert (bench.root / "d/b.note").stat().st_mode & 0o7777 == 0o666 & ~umask


def _taken(root: Path) -> None:
    (root / "d/b.note").write_bytes(b"mine\n")


def _taken_by_a_link(root: Path) -> None:
    (root / "d/b.note").symlink_to("nowhere")


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (_taken, "something is there already"),
        (_taken_by_a_link, "something is there already"),
        (lambda root: _changed(root / "d/a.note"), "it has changed since it was read"),
        (lambda root: _parent(root / "d/a.note"), "a folder above it is a link"),
    ],
)
def test_files_that_belong_together_are_left_together(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None], reason: str
) -> None:
    monkeypatch.setattr(toy, "swap", followed)
    bench.write("d/a.note", b"swap-b\n")
    other = bench.write("x/z.note", b"swap-e\n")
    mended = bench.mend()
    act(bench.root)
    before = {path: path.read_bytes() for path in bench.root.rglob("d/*.note") if path.exists()}
    left = dict(fix.write(bench.root, mended))
    assert left == {"d/a.note": reason, "d/b.note": reason}
    assert {path: path.read_bytes() for path in before} == before
    assert other.read_bytes() == b"done\n"


def test_a_diff_is_what_git_applies(bench: Bench, tmp_path: Path) -> None:
    contents = {
        "a.note": b"one\ntwo\nswap-three",
        "crlf.note": b"one\r\nswap-two\r\nthree\x0cfour\r\n",
        "mark.note": codecs.BOM_UTF8 + b"swap-a\n",
        'odd "name\\\t한.note': b"swap-a\n",
        "d/line end.note": b"x\xe2\x80\xa8swap-y\n\x85\n".replace(b"\x85", b"\xc2\x85"),
    }
    for path, content in contents.items():
        bench.write(path, content)
    git(bench.root, "add", "-A")
    mended = bench.mend()
    patch = tmp_path / "patch"
    patch.write_text("".join(fix.diff(mended)), newline="")
    git(bench.root, "apply", "--whitespace=nowarn", str(patch))
    assert {path: (bench.root / path).read_bytes() for path in contents} == mended.contents


def _changed(file: Path) -> None:
    file.write_bytes(b"swap-other\n")


def _gone(file: Path) -> None:
    file.unlink()


def _link(file: Path) -> None:
    file.rename(file.parent.parent / "target.note")
    file.symlink_to("../target.note")


def _parent(file: Path) -> None:
    outside = file.parents[2] / "outside"
    file.parent.rename(outside)
    file.parent.symlink_to(outside)


LEFT: dict[str, tuple[Callable[[Path], None], str]] = {
    "changed since": (_changed, "it has changed since it was read"),
    "gone": (_gone, "it can't be written: No such file or directory"),
    "a link now": (_link, "it is no regular file"),
    "behind a link now": (_parent, "a folder above it is a link"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_alone_is_said(bench: Bench, tmp_path: Path, name: str) -> None:
    act, reason = LEFT[name]
    file = bench.write("d/a.note", b"swap-a\n")
    other = bench.write("b.note", b"swap-b\n")
    mended = bench.mend()
    act(file)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.note") if path != other}
    assert dict(fix.write(bench.root, mended)) == {"d/a.note": reason}
    assert other.read_bytes() == b"b\n"
    assert {path: path.read_bytes() for path in before} == before
    assert bench.leftovers() == []


def test_a_file_that_may_not_be_written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replacing it needs leave of its folder alone; the file's own mode says what its owner wants."""
    file = bench.write("a.note", b"swap-a\n")
    file.chmod(0o444)
    mended = bench.mend()
    monkeypatch.setattr(os, "access", lambda *_: False)  # as it is for all but root
    assert dict(fix.write(bench.root, mended)) == {"a.note": "it can't be written: Permission denied"}
    assert file.read_bytes() == b"swap-a\n"


STAGES = ["write", "flush", "fsync", "chmod", "replace"]


def _failing(stage: str, act: Callable[[], Any], patch: pytest.MonkeyPatch) -> None:
    """Calls `act` in place of one stage of a replacement."""

    def failing(*_: object, **__: object) -> None:
        act()

    if stage in ("write", "flush"):
        real = os.fdopen

        def fdopen(handle: int, mode: str, *rest: Any) -> Any:
            stream = real(handle, mode, *rest)
            return _Stream(stream, stage, act) if "w" in mode else stream

        patch.setattr(os, "fdopen", fdopen)
    elif stage == "fsync":
        patch.setattr(os, "fsync", failing)
    else:
        patch.setattr(Path, stage, failing)


class _Stream:
    """A file that fails at one of its methods."""

    def __init__(self, stream: Any, stage: str, act: Callable[[], Any]) -> None:
        self._stream, self._stage, self._act = stream, stage, act

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        if name != self._stage:
            return getattr(self._stream, name)
        return lambda *_: self._act()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_a_failure_at_any_stage_leaves_the_old_file_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, stage: str, failure: BaseException
) -> None:
    def fail() -> None:
        raise failure

    file = bench.write("a.note", b"swap-a\n")
    mended = bench.mend()
    with monkeypatch.context() as patch:
        _failing(stage, fail, patch)
        if isinstance(failure, OSError):
            assert dict(fix.write(bench.root, mended)) == {
                "a.note": "it can't be written: No space left on device"
            }
        else:
            with pytest.raises(KeyboardInterrupt):
                fix.write(bench.root, mended)
    assert file.read_bytes() == b"swap-a\n"
    assert bench.leftovers() == []


KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
from runcrew_lint.engine.disk import Disk
from tests.engine.test_fix import _failing
root, stage = Path(sys.argv[1]), sys.argv[2]
with pytest.MonkeyPatch.context() as patch:
    _failing(stage, lambda: os.kill(os.getpid(), signal.SIGKILL), patch)
    Disk(root).replace("a.note", b"old" * 9999, b"new" * 9999)
"""


@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_at_any_stage_leaves_the_old_file(tmp_path: Path, stage: str) -> None:
    (tmp_path / "a.note").write_bytes(b"old" * 9999)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), stage], cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "a.note").read_bytes() == b"old" * 9999


def test_a_replacement_is_never_half_done(tmp_path: Path) -> None:
    """Whoever reads meanwhile sees the old content or the new one."""
    old, new = b"old" * 500_000, b"new" * 500_000
    file = tmp_path / "a.note"
    file.write_bytes(old)
    reader = "import sys; print(len({open(sys.argv[1], 'rb').read() for _ in range(200)}))"
    process = subprocess.Popen([sys.executable, "-c", reader, str(file)], stdout=subprocess.PIPE)
    disk = Disk(tmp_path)
    while process.poll() is None:
        disk.replace("a.note", old, new)
        disk.replace("a.note", new, old)
    assert int(process.communicate()[0]) <= 2


def test_the_command_says_what_it_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """And reports what lies there, not what would have."""
    bench.write("a.note", b"swap-a\n")
    bench.write("b.note", b"swap-b\n")
    real = Disk.replace

    def replace(self: Disk, path: str, old: bytes, new: bytes) -> None:
        if path == "a.note":
            raise Skipped("it has changed since it was read")
        real(self, path, old, new)

    monkeypatch.setattr(Disk, "replace", replace)
    said = CliRunner().invoke(cli, ["--fix", "--no-cache", "--select", "toy", str(bench.root)])
    assert "mended 1 finding in 1 file" in said.output
    assert "left 'a.note' alone: it has changed since it was read" in said.output
    assert "a.note:1:1" in said.output
    assert (said.exit_code, (bench.root / "b.note").read_bytes()) == (1, b"b\n")


def follower(head: str, name: str) -> Fix:
    """A fix that creates a migration behind another."""
    text = f'"""\nRevises: {head}\n"""\nfrom alembic import op\n'
    text += f'revision = "{name}"\ndown_revision = "{head}"\n'
    return Fix("t", Safety.SAFE, (), (NewFile(f"v/{name}.py", text, name, head),))


def test_new_migrations_behind_one_head_follow_each_other_in_one_round() -> None:
    fixes = [follower("h1", "a1"), follower("h1", "a2"), follower("h2", "a3"), follower("h1", "a4")]
    draft = drafted(fixes, lambda _: None, lambda *_: True)
    assert sorted(draft.created) == ["v/a1.py", "v/a2.py", "v/a3.py", "v/a4.py"]
    assert 'down_revision = "h1"' in draft.created["v/a1.py"]
    assert "\nRevises: a1\n" in draft.created["v/a2.py"] and '= "a1"' in draft.created["v/a2.py"]
    assert "\nRevises: a2\n" not in draft.created["v/a2.py"]
    assert 'down_revision = "a2"' in draft.created["v/a4.py"]
    assert [each.creates[0].follows for each in draft.made] == ["h1", "a1", "h2", "a2"]


def test_a_new_migration_that_does_not_read_leaves_the_others_behind_each_other() -> None:
    fixes = [follower("h1", "a1"), follower("h1", "a2"), follower("h1", "a3")]
    draft = drafted(fixes, lambda _: None, lambda path, _: "a2" not in path)
    assert sorted(draft.created) == ["v/a1.py", "v/a3.py"]
    assert 'down_revision = "a1"' in draft.created["v/a3.py"]

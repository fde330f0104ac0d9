"""Asks git about a folder, in such a way that nothing the repository configures can run.

git finds the work tree that we name, not the one that `core.worktree` does; `core.fsmonitor` and
`core.hooksPath` (git-config) are overridden; no transport is allowed, so that a partial clone fetches
nothing and starts no ssh (git, "GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH"); and the program itself is
looked up in absolute folders of PATH alone, none of them in the repository. A folder that git does not keep
is read through an empty repository in a temporary folder, so that ignore files mean there exactly what they
mean to git.
"""

from __future__ import annotations

import io
import os
import posixpath
import select
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from runcrew_lint.model.errors import SetupError
from runcrew_lint.tuples import NamedTuple

_SAFE = (
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.quotePath=false",
    "-c", "safe.directory=*",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
TIMEOUT = 120  # seconds; git lists 200,000 files in about one
SUBMODULE = "160000"
_PIECE = 1 << 16  # bytes that are read at once
Warn = Callable[[str], None]


class GitMissing(Exception):
    """There is no git program on this machine."""


class NoRepository(Exception):
    """git does not recognise what lies in `.git`."""


class NotFetched(Exception):
    """git would have to fetch what a partial clone left out."""


class Entry(NamedTuple):
    """One file as git lists it; `mode` is git's (160000 a submodule), empty for an untracked one.

    A path that ends in a slash is an untracked repository of its own.
    """

    path: str
    tracked: bool
    mode: str = ""


def toplevel(folder: Path) -> Path | None:
    """The nearest folder upwards that has a `.git`, where git looks for it; None where there is none."""
    here = folder.resolve()
    for each in (here, *here.parents):
        mark = each / ".git"
        if mark.is_file() or (mark / "HEAD").exists():
            return each
    return None


def listing(root: Path, top: Path, warn: Warn) -> Iterator[Entry]:
    """The tracked and the untracked, unignored files below `root`, a folder of the work tree `top`.

    Arguments:
        warn: is told what git could not look at, such as a folder that it may not enter.
    Errors:
        GitMissing; NoRepository; SetupError where git fails otherwise.
    """
    command = [f"--work-tree={top}", "ls-files", "-z", "-t", "--stage"]
    try:
        records = _records([*command, "--others", "--exclude-standard"], root, warn)
    except NotFetched:
        warn("an ignore file is not in this partial clone, so untracked files are not linted")
        records = _records(command, root, warn)
    last = ""
    for record in records:
        if record[0] == "?":
            yield Entry(record[2:], tracked=False)
            continue
        path = record[record.index("\t") + 1 :]  # of "H 100644 <object> <stage>\t<path>"
        if path != last:  # a conflicted file is listed once a stage
            last = path
            yield Entry(path, tracked=True, mode=record[2:8])


def plain_listing(root: Path, warn: Warn) -> Iterator[Entry]:
    """A plain folder's files, but for those that its own ignore files keep out."""
    with _empty_repository() as git_dir:
        command = [f"--git-dir={git_dir}", f"--work-tree={root}"]
        for path in _records([*command, "ls-files", "-z", "--others", "--exclude-standard"], root, warn):
            yield Entry(path, tracked=True)


def ignored(root: Path, paths: Iterable[str], top: Path | None) -> frozenset[str]:
    """Which paths the folder's own ignore files keep out, whether they exist, are tracked, or not.

    The user's global ignore file does not count: it protects no one else's checkout. `top` is the work
    tree that `root` lies in, None for a plain folder.
    """
    asked = [path for path in paths if path and not posixpath.normpath(path).startswith(("../", "/"))]
    if not asked:
        return frozenset()
    if top:
        return _check_ignore([f"--work-tree={top}"], root, asked)
    with _empty_repository() as git_dir:
        return _check_ignore([f"--git-dir={git_dir}", f"--work-tree={root}"], root, asked)


_DEFAULT = (
    *("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"),
    *("refs/heads/main", "refs/heads/master"),
)


def default_branch(root: Path, top: Path) -> tuple[str, str]:
    """The default branch as far as this clone knows it, and its commit; "" for both where none is known."""
    form = "--format=%(refname) %(objectname) %(symref)"
    told = asked([f"--work-tree={top}", "for-each-ref", form, *_DEFAULT], root).stdout.decode()
    found = {name: rest.split(" ") for name, _, rest in (line.partition(" ") for line in told.splitlines())}
    ref = next((each for each in _DEFAULT if each in found), "")
    if not ref:
        return "", ""
    commit, target = found[ref]
    return (target or ref).removeprefix("refs/remotes/").removeprefix("refs/heads/"), commit


def among(root: Path, top: Path, commit: str, paths: Iterable[str]) -> frozenset[str]:
    """Which of these files a commit has."""
    question = [f"--work-tree={top}", "ls-tree", "-r", "-z", "--name-only", commit, "--", *paths]
    return frozenset(split(asked(question, root).stdout))


def _check_ignore(where: list[str], root: Path, paths: list[str]) -> frozenset[str]:
    """git gives up at the first path that lies behind a link or in a submodule: then each is asked alone."""
    command = [*where, "-c", f"core.excludesFile={os.devnull}", "check-ignore", "--no-index", "-z", "--stdin"]
    # "./" keeps a name that begins with a colon from being read as a pattern.
    answer = asked(command, root, "\0".join(f"./{path}" for path in paths))
    if answer.returncode not in (0, 1):
        if len(paths) == 1:
            return frozenset()
        return frozenset().union(*(_check_ignore(where, root, [path]) for path in paths))
    return frozenset(path.removeprefix("./") for path in split(answer.stdout))


def _records(arguments: list[str], root: Path, warn: Warn) -> list[str]:
    answer = asked(arguments, root)
    if answer.returncode != 0:
        if b"not a git repository" in answer.stderr:
            raise NoRepository
        if b"promisor remote" in answer.stderr:
            raise NotFetched
        raise SetupError(
            f"git can't list the files: {refusal(answer.stderr) or 'no reason given'}", where=str(root)
        )
    for line in answer.stderr.decode(errors="replace").strip().splitlines():
        warn(f"git says: {line}")
    return split(answer.stdout)


def refusal(stderr: bytes) -> str:
    """Why git gave up, in one line; "" where it does not say."""
    said = stderr.decode(errors="replace")
    return " ".join(said[said.find("fatal:") :].split())[:300] if "fatal:" in said else ""


def split(output: bytes) -> list[str]:
    """The records of an output with `-z`."""
    return output.decode("utf-8", "surrogateescape").split("\0")[:-1]


def asked(arguments: list[str], cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[bytes]:
    """What git says to a question; whether it could answer is for the caller to see.

    Errors:
        GitMissing; SetupError where it takes longer than TIMEOUT.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        return subprocess.run(
            [_program(cwd), *_SAFE, *arguments],
            cwd=cwd,
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=TIMEOUT,
            env={**inherited, **_ENVIRONMENT},
        )
    except subprocess.TimeoutExpired:
        raise _late(cwd) from None


@contextmanager
def started(
    arguments: list[str], cwd: Path, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A git that is read while it runs, in the same bonds as every other; it is ended with the block.

    What it says of errors goes to a file, so that it never waits for a reader.

    Errors:
        GitMissing; of its reader, SetupError where nothing comes for longer than TIMEOUT.
    """
    import tempfile

    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    with tempfile.TemporaryFile(prefix="runcrew-lint-") as said:
        process = subprocess.Popen(
            [_program(cwd), *_SAFE, *arguments],
            bufsize=0,
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**inherited, **_ENVIRONMENT},
        )
        if process.stdout and hasattr(select, "poll"):  # Windows has none, and no FIFO among its files
            process.stdout = io.BufferedReader(_Awaited(process.stdout, cwd), _PIECE)
        try:
            yield process
        finally:
            for stream in (process.stdin, process.stdout):
                if stream:
                    with suppress(OSError):
                        stream.close()
            if process.poll() is None:
                process.kill()
            process.wait()


class _Awaited(io.RawIOBase):
    """A pipe at which nobody waits for ever: an object of git's may be a FIFO that no one writes to."""

    def __init__(self, pipe: IO[bytes], cwd: Path) -> None:
        self._pipe, self._cwd, self._poll = pipe, cwd, select.poll()
        self._poll.register(pipe, select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._poll.poll(1000 * TIMEOUT):
            raise _late(self._cwd)
        return os.readv(self._pipe.fileno(), [buffer])

    def close(self) -> None:
        self._pipe.close()
        super().close()


def _late(cwd: Path) -> SetupError:
    return SetupError(f"git did not answer within {TIMEOUT} s", where=str(cwd))


def _program(asked: Path) -> str:
    """git, but none that lies in the folder it is asked about, as `node_modules/.bin` does, nor in a relative
    folder of PATH: that is the repository's.
    """
    own = os.path.realpath(asked) + os.sep
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        file = Path(folder, "git")
        if file.is_absolute() and os.access(file, os.X_OK) and file.is_file():
            if not (os.path.realpath(folder) + os.sep).startswith(own):
                return str(file)
    raise GitMissing


@contextmanager
def _empty_repository() -> Iterator[str]:
    import tempfile  # costs a third of this module's import, and few runs need it

    with tempfile.TemporaryDirectory(prefix="runcrew-lint-") as folder:
        for name in ("objects", "refs"):
            Path(folder, name).mkdir()
        Path(folder, "HEAD").write_text("ref: refs/heads/main\n")
        yield folder

"""Asks git about a folder, in such a way that nothing the repository configures can run.

`core.fsmonitor` and hooks are the settings by which `ls-files` or `check-ignore` could start a
program (git-config, "core.fsmonitor", "core.hooksPath"): both are overridden on every call. A folder
that git does not keep is read through an empty repository in a temporary folder, so that ignore
files mean there exactly what they mean to git.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runcrew_lint.model.errors import SetupError

_SAFE = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "safe.directory=*",
)  # fmt: skip
TIMEOUT = 120  # seconds; git lists 200,000 files in about one


class GitMissing(Exception):
    """There is no git program on this machine."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as git lists it; `mode` is git's (100644, 120000 a link, 160000 a submodule)."""

    path: str
    tracked: bool
    mode: str = ""


def run(
    arguments: Iterable[str], cwd: Path, stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """One git command with the safe settings.

    Errors:
        GitMissing where there is no git; SetupError where it does not answer in time.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        return subprocess.run(
            ["git", *_SAFE, *arguments],
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=TIMEOUT,
            env={**inherited, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise GitMissing from None
    except subprocess.TimeoutExpired:
        raise SetupError(f"git did not answer within {TIMEOUT} s", where=str(cwd)) from None


def toplevel(folder: Path) -> Path | None:
    """The work tree's root, or None where git keeps no work tree."""
    try:
        answer = run(["rev-parse", "--show-toplevel"], folder)
    except GitMissing:
        return None
    path = os.fsdecode(answer.stdout.rstrip(b"\n"))
    return Path(path) if answer.returncode == 0 and path else None


def listing(root: Path) -> Iterator[Entry]:
    """The tracked files, then the untracked and unignored ones."""
    tracked = _records(["ls-files", "-z", "--stage"], root)
    seen: set[str] = set()
    for record in tracked:
        status, _, path = record.partition("\t")
        if path not in seen:  # a conflicted file is listed once a stage
            seen.add(path)
            yield Entry(path, tracked=True, mode=status.split(" ", 1)[0])
    for path in _records(["ls-files", "-z", "--others", "--exclude-standard"], root):
        yield Entry(path, tracked=False)


def plain_listing(root: Path) -> Iterator[Entry]:
    """A plain folder's files, but for those that its own ignore files keep out."""
    with _empty_repository() as git_dir:
        where = [f"--git-dir={git_dir}", f"--work-tree={root}"]
        for path in _records([*where, "ls-files", "-z", "--others", "--exclude-standard"], root):
            yield Entry(path, tracked=True)


def ignored(root: Path, paths: Iterable[str], *, is_git: bool) -> frozenset[str]:
    """Which paths the folder's own ignore files keep out, whether they exist, are tracked, or not.

    The user's global ignore file does not count: it protects no one else's checkout.
    """
    asked = "\0".join(paths).encode("utf-8", "surrogateescape")
    command = ["-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"]
    if is_git:
        answer = run(command, root, asked)
    else:
        with _empty_repository() as git_dir:
            answer = run([f"--git-dir={git_dir}", f"--work-tree={root}", *command], root, asked)
    return frozenset(filter(None, answer.stdout.decode("utf-8", "surrogateescape").split("\0")))


def _records(arguments: list[str], root: Path) -> list[str]:
    answer = run(arguments, root)
    if answer.returncode != 0:
        said = answer.stderr.decode(errors="replace").strip().splitlines()
        raise SetupError(
            f"git can't list the files: {said[-1] if said else 'no reason given'}", where=str(root)
        )
    return list(filter(None, answer.stdout.decode("utf-8", "surrogateescape").split("\0")))


@contextmanager
def _empty_repository() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="runcrew-lint-") as folder:
        run(["init", "--quiet", "--bare", "--template=", folder], Path(folder))
        yield folder

"""What git keeps of a folder besides its work tree: a commit's files, and those that are staged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from runcrew_lint.engine import commits, git
from runcrew_lint.model.errors import SetupError

_ALGORITHMS = {40: "sha1", 64: "sha256"}  # by the length of an object's name ("git hash-object")
_FILES = ("100644", "100755", "100664")
_FETCH = "fetch the whole history (actions/checkout: `fetch-depth: 0`)"


def commit_of(root: Path, top: Path, revision: str) -> str:
    """The commit that a revision names.

    Errors:
        SetupError where it names none.
    """
    asked = f"{revision}^{{commit}}"
    question = [f"--work-tree={top}", "rev-parse", "--verify", "--quiet", "--end-of-options", asked]
    named = git.asked(question, root)
    commit = named.stdout.decode().strip()
    if why := git.refusal(named.stderr):
        raise SetupError(f"git can't look for {revision}: {why}", where=str(root))
    if named.returncode != 0 or not commit:
        shallow = _is_shallow(root, top)
        help_ = _FETCH if shallow else "name a branch, a tag or a commit that is fetched here"
        raise SetupError(f"git knows no {revision}{' in this shallow clone' if shallow else ''}", help=help_)
    return commit


def commit_before(root: Path, top: Path, revision: str) -> str:
    """The commit where HEAD left the branch that a revision names; the revision itself where they share none.

    Errors:
        SetupError where the revision names no commit, or where this clone ends before the two meet: a run
        by another base would answer a question that nobody asked.
    """
    commit = commit_of(root, top, revision)
    found = git.asked([f"--work-tree={top}", "merge-base", "HEAD", commit], root)
    forked = found.stdout.decode().split()
    if not forked and _is_shallow(root, top):
        raise SetupError(f"this shallow clone lacks the merge base of HEAD and {revision}", help=_FETCH)
    return forked[0] if forked else commit


def _is_shallow(root: Path, top: Path) -> bool:
    told = git.asked([f"--work-tree={top}", "rev-parse", "--is-shallow-repository"], root)
    return told.stdout.decode().strip() == "true"


def blobs(root: Path, top: Path, commit: str) -> dict[str, str]:
    """The files below `root` as a commit has them, each with its object's name."""
    told = git.asked([f"--work-tree={top}", "ls-tree", "-r", "-z", commit], root)
    if told.returncode != 0:
        raise SetupError(f"git can't list the files of {commit}", where=str(root))
    found = {}
    for record in git.split(told.stdout):
        about, _, path = record.partition("\t")
        mode, kind, name = about.split()
        if kind == "blob" and mode != "120000":
            found[path] = name
    return found


def links(root: Path, commit: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Which of these paths, from `root`, are symbolic links in a commit."""
    told = git.asked(["ls-tree", "-z", commit, "--", *paths], root)
    records = [record.partition("\t") for record in git.split(told.stdout)]
    return tuple(path for about, _, path in records if about.startswith("120000"))


def staged(root: Path, top: Path) -> dict[str, str]:
    """The files below `root` as they are staged, each with its object's name.

    Errors:
        SetupError where a merge is not settled: nobody knows which of the sides is meant.
    """
    told = git.asked([f"--work-tree={top}", "ls-files", "-z", "--stage"], root)
    if told.returncode != 0:
        raise SetupError("git can't list what is staged", where=str(root))
    found = {}
    for record in git.split(told.stdout):
        about, _, path = record.partition("\t")
        mode, name, stage = about.split()
        if stage != "0":
            raise SetupError(f"{path} is in conflict", help="settle the merge, add it, and run again")
        if mode in _FILES:
            found[path] = name
    return found


def contents(root: Path, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of objects by the path that each is wanted for, without those too large to be linted.

    Errors:
        SetupError where a partial clone does not hold one.
    """
    if not wanted:
        return {}
    found = {}
    with commits.blobs(root) as reader:
        for path, name in wanted.items():
            content = reader.read(name)
            if content is None and not reader.has(name):
                raise SetupError(f"this partial clone lacks {path} as it was", help=_FETCH)
            if content is not None:
                found[path] = content
    return found


def content(root: Path, top: Path, blob: str) -> bytes | None:
    """An object's bytes, None where a partial clone does not hold it."""
    told = git.asked([f"--work-tree={top}", "cat-file", "blob", blob], root)
    return told.stdout if told.returncode == 0 else None


def is_object(data: bytes, name: str) -> bool:
    """Whether bytes are the object of a name, line ends aside."""
    return name in (object_name(data, name), object_name(data.replace(b"\r\n", b"\n"), name))


def object_name(data: bytes, like: str) -> str:
    """The name that git gives these bytes, by the algorithm of another name."""
    head = b"blob %d\0" % len(data)
    return hashlib.new(_ALGORITHMS[len(like)], head + data, usedforsecurity=False).hexdigest()


def moved(gone: Mapping[str, str], new: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The files that lie elsewhere now and hold the very same bytes, by their old paths.

    Arguments:
        gone: the files that are there no more, with their objects' names.
        new: the files that were not there, with their bytes.
    """
    if not gone:
        return {}
    like = next(iter(gone.values()))
    there = {object_name(data, like): path for path, data in new}
    return {path: there[name] for path, name in gone.items() if name in there}

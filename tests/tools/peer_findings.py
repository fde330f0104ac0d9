"""What the specialists say of a checkout, each finding with its place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.peers import PATTERNS


class Said(NamedTuple):
    """One finding of a peer; `path` is relative to the checkout."""

    peer: str
    rule: str
    path: str
    line: int
    message: str


class Peer(NamedTuple):
    """How a peer is asked for JSON, of which files, and how that is read."""

    program: str
    patterns: tuple[str, ...]
    arguments: tuple[str, ...]
    read: Callable[[Any], Iterator[tuple[str, str, int, str]]]


def _zizmor(report: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, str]]:
    for found in report:
        if found.get("ignored"):
            continue
        place = next(each for each in found["locations"] if each["symbolic"]["kind"] == "Primary")
        (key,) = place["symbolic"]["key"].values()
        line = place["concrete"]["location"]["start_point"]["row"] + 1
        yield (
            found["ident"],
            key["verbatim_path"],
            line,
            f"{found['desc']}: {place['symbolic']['annotation']}",
        )


def _jactionlint(report: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, str]]:
    for found in report:
        yield found["id"], found["filepath"], found["line"], found["message"]


def _hadolint(report: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, str]]:
    for found in report:
        yield found["code"], found["file"], found["line"], found["message"]


def _compose_lint(report: dict[str, Any]) -> Iterator[tuple[str, str, int, str]]:
    for found in report["findings"]:
        yield found["rule_id"], found["file"], found["line"] or 1, found["message"]


def _dclint(report: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, str]]:
    for file in report:
        for found in file["messages"]:
            yield found["rule"], file["filePath"], found["line"], found["message"]


_ACTIONS = (":(glob)**/action.yml", ":(glob)**/action.yaml")
PEERS: Mapping[str, Peer] = {
    each.program: each
    for each in (
        Peer("zizmor", (*PATTERNS["workflows"], *_ACTIONS, ".github/dependabot.y*ml"),
             ("--offline", "--no-config", "--no-progress", "--quiet", "--no-exit-codes", "--persona=auditor",
              "--format=json-v1"), _zizmor),
        Peer("jactionlint", (*PATTERNS["workflows"], *_ACTIONS),
             ("--format", "json", "--profile", "pedantic"), _jactionlint),
        Peer("hadolint", PATTERNS["images"], ("--no-fail", "--format", "json"), _hadolint),
        Peer("compose-lint", PATTERNS["compose"], ("--format", "json"), _compose_lint),
        Peer("dclint", PATTERNS["compose"], ("--formatter", "json"), _dclint),
    )
}  # fmt: skip


def program(name: str) -> str | None:
    """A peer's program, beside Python or on PATH."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def said(root: Path) -> Iterator[Said]:
    """What every peer says of its files, those that are not installed left out."""
    for name in PEERS:
        yield from said_by(name, root)


def said_by(name: str, root: Path, otherwise: Mapping[str, str] = MappingProxyType({})) -> Iterator[Said]:
    """What one peer says; where it has no report of all its files together, of each of them alone.

    `otherwise` are arguments to put in the place of its own.
    """
    peer, found = PEERS[name], program(name)
    arguments = [otherwise.get(each, each) for each in peer.arguments]
    files = [path for path in _files(root, peer.patterns) if (root / path).is_file()]
    if found is None or not files:
        return
    reports = [_report([found, *arguments, *files], root)]
    if reports[0] is None:
        reports = [_report([found, *arguments, file], root) for file in files]
    for file, report in zip(files, reports, strict=False):
        if report is None:
            print(f"{name} has no report of {file}", file=sys.stderr)
            continue
        for rule, path, line, message in peer.read(report):
            yield Said(name, rule, _relative(root, path), line, " ".join(message.split()))


def _report(command: list[str], root: Path) -> Any:
    """The JSON that a peer prints, or None."""
    with TemporaryFile() as out:  # a pipe would lose the end of what a node program says as it exits
        subprocess.run(command, cwd=root, stdout=out, stderr=subprocess.DEVNULL, check=False)
        out.seek(0)
        try:
            return json.load(out)
        except ValueError:
            return None


def _files(root: Path, patterns: Iterable[str]) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=root, capture_output=True, check=True)
    return [
        path
        for path in listed.stdout.decode().split("\0")
        if path and not path.endswith((".md", ".dockerignore"))
    ]


def _relative(root: Path, path: str) -> str:
    given = Path(path)
    return str(given.relative_to(root.resolve()) if given.is_absolute() else given)

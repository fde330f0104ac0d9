"""npm-install-in-image: `npm install` in a build, where a lock file says what to install."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from runcrew_lint.checks.images._installs import subcommand
from runcrew_lint.domains.containers.context import contexts_of
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
_VALUED = (
    "--prefix",
    "-C",
    "--registry",
    "--cache",
    "--loglevel",
    "--omit",
    "--include",
    "-w",
    "--workspace",
)
# What only `install` does.
_OTHERWISE = (
    "-g",
    "--global",
    "--location",
    "--package-lock-only",
    "--no-package-lock",
    "--no-save",
    "--save",
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each `npm install` without a package's name, where the build's folder has a lock file.

    A file for development or tests as a whole says nothing: there, a new package may be what is wanted.
    """
    contexts = repository.derive(contexts_of)
    paths = tuple(repository.worktree.paths)
    for fact in repository.facts(ImageScripts):
        installs = [(run, each) for run in fact.runs for each in run.commands if _installs(each)]
        if not installs or not lineage(fact.image) or _drops_lock(fact.runs):
            continue
        lock = _lock(fact, contexts.of(fact.image), paths)
        for _, command in installs if lock else ():
            yield _fault(fact.path, command, lock)


def _installs(command: ShellCommand) -> bool:
    if command.program != "npm":
        return False
    at = subcommand(command.arguments, _VALUED)
    if at < 0 or command.texts[at] not in ("install", "i"):
        return False
    if any(each.partition("=")[0] in _OTHERWISE for each in command.texts):
        return False
    return subcommand(command.arguments[at + 1 :], _VALUED) < 0


def _drops_lock(runs: Sequence[RunScript]) -> bool:
    return any(
        each.program == "rm" and any(text.endswith(_LOCKS) for text in each.texts)
        for run in runs
        for each in run.commands
    )


def _lock(fact: ImageScripts, context: str | None, paths: Sequence[str]) -> str:
    """The lock file beside the package.json that the build copies, or ""."""
    folder = context if context is not None else posixpath.dirname(fact.path)
    known = set(paths)
    for name in _LOCKS:
        path = posixpath.join(folder, name)
        if path in known and posixpath.join(folder, "package.json") in known and _copies(fact, name):
            return path
    return ""


def _copies(fact: ImageScripts, lock: str) -> bool:
    """Whether a COPY takes the lock file: by its name, a pattern, or with the whole folder."""
    wanted = {
        lock,
        f"./{lock}",
        "package*.json",
        "./package*.json",
        "package*",
        ".",
        "./",
        "/",
        "*.json",
        "*",
        "./*.json",
    }
    for stage in fact.image.stages:
        for each in stage.instructions:
            if each.keyword in ("COPY", "ADD") and any(value.value in wanted for value in each.values[:-1]):
                return True
    return False


def _fault(path: str, command: ShellCommand, lock: str) -> Fault:
    place = Place(path, command.span)
    word = command.arguments[subcommand(command.arguments, _VALUED)]
    edits = ((*word.span, word.text, "ci"),)
    told = (("title", "installs what the lock file says"), ("edits", edits), ("safety", "safe"))
    return Fault(
        place,
        f"`npm {word.text}` may move past {posixpath.basename(lock)} without a word, so the image holds "
        "versions that nobody tested; `npm ci` installs what the lock says, or stops",
        related=(Related(Place(lock, Span(0, 0)), "the lock file that says what to install"),),
        mend=MendRequest("text.several", place, told),
    )

"""dependencies-after-code: the dependencies are installed behind the copy of all code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from runcrew_lint.checks.images._installs import cached_at, pip_install, subcommand
from runcrew_lint.domains.containers.context import copied
from runcrew_lint.domains.containers.facts import Instruction
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_NODE = {
    "npm": ("ci", "install", "i"),
    "pnpm": ("install", "i"),
    "yarn": ("install",),
    "bun": ("install", "i"),
}
_OTHERS = {
    "poetry": ("install",),
    "pipenv": ("install", "sync"),
    "uv": ("sync",),
    "bundle": ("install",),
    "composer": ("install",),
}
_MANIFEST = lazily(r"[\w-][\w.-]*\.(?:txt|in)")


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """A fault at the first install of a stage that stands behind a COPY of the whole folder.

    Silent where something was installed before that COPY, or taken from another stage, and where a cache
    mount keeps the downloads.
    """
    for stage in fact.image.stages:
        runs = [run for run in fact.runs if run.stage == stage.index]
        wholes = [number for number, each in enumerate(stage.instructions) if _takes_all(each)]
        found = [(run, each) for run in runs for each in run.commands if _installs(each)]
        if not wholes or not found or found[0][0].number < wholes[0]:
            continue
        run, command = found[0]
        instruction, copy = stage.instructions[run.number], stage.instructions[wholes[0]]
        names = {other.name for other in fact.image.stages if other.name}
        taken = any(
            each.keyword == "COPY" and (origin := each.flag("from")) and origin.value.lower() in names
            for each in stage.instructions[: wholes[0]]
        )
        if taken or cached_at(instruction, "/"):
            continue
        yield Fault(
            Place(fact.path, command.span),
            "the layer with the code changes with every commit, so all dependencies are fetched and "
            "installed anew in every build",
            related=(Related(Place(fact.path, copy.span), "all code is copied here, before them"),),
            mend=_mend(fact, run, command, copy, wholes[0]),
        )


def _takes_all(each: Instruction) -> bool:
    return any(posixpath.normpath(source.lstrip("/") or ".") == "." for source in copied(each))


def _installs(command: ShellCommand) -> bool:
    if command.deep or command.guarded:
        return False
    texts, name = command.texts, command.program
    at = pip_install(command)
    if at >= 0:
        return any(each in ("-r", "--requirement") or each.startswith("--requirement=") for each in texts)
    at = subcommand(command.arguments)
    if name in _NODE:
        if at < 0:
            return name == "yarn" and not texts
        return texts[at] in _NODE[name] and subcommand(command.arguments[at + 1 :]) < 0
    return name in _OTHERS and at >= 0 and texts[at] in _OTHERS[name]


def _mend(
    fact: ImageScripts, run: RunScript, command: ShellCommand, copy: Instruction, number: int
) -> MendRequest | None:
    """The install before the COPY, with what it reads, where the RUN is the next step and does no more."""
    if run.number != number + 1 or len(run.commands) != 1 or len(copy.values) != 2 or copy.flags:
        return None
    manifests = "package*.json" if command.program == "npm" else ""
    if pip_install(command) >= 0:
        named = [each for each in command.texts if _MANIFEST.fullmatch(each)]
        manifests = named[0] if len(named) == 1 and "." not in command.texts else ""
    if not manifests or copy.values[1].value not in (".", "./"):
        return None
    told = (("copy", copy.span.start), ("manifests", manifests))
    return MendRequest("dockerfile.install_first", Place(fact.path, run.span), told)

"""What the rules on package managers in a RUN share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand, Token
from runcrew_lint.domains.containers.shipped import lineage

_PIPS = ("pip", "pip2", "pip3")


def in_shipped(fact: ImageScripts) -> Iterable[RunScript]:
    """The scripts of the stages that the shipped image is made of: what the others leave is thrown away."""
    kept = {stage.index for stage in lineage(fact.image)}
    return (run for run in fact.runs if run.stage in kept)


def subcommand(arguments: Sequence[Token], valued: Iterable[str] = ()) -> int:
    """Where the first word stands that is no option, or -1; `valued` take a word of their own."""
    skip = False
    for index, each in enumerate(arguments):
        if skip:
            skip = False
        elif each.text.startswith("-"):
            skip = each.text in valued
        else:
            return index
    return -1


def pip_install(command: ShellCommand) -> int:
    """Where `install` stands in the arguments of a pip, or -1: `pip3`, `python -m pip`, of any version."""
    words, name = command.texts, command.program
    start = 0
    if name.startswith("python") and words[:2] == ("-m", "pip"):
        start = 2
    elif not (name in _PIPS or (name.startswith("pip3.") and name[5:].isdigit())):
        return -1
    at = subcommand(command.arguments[start:], ("--cache-dir", "--proxy", "--log", "--python"))
    return start + at if at >= 0 and words[start + at] == "install" else -1


def cached_at(instruction: Instruction, *folders: str) -> bool:
    """Whether a `--mount=type=cache` keeps one of these folders, or one above, out of the image."""
    for flag in instruction.flags:
        if flag.name != "mount":
            continue
        told = dict(part.partition("=")[::2] for part in flag.value.split(","))
        target = told.get("target") or told.get("dst") or told.get("destination") or ""
        if told.get("type") in ("cache", "tmpfs") and any(each in f"{target}/" for each in folders):
            return True
    return False


def setting(image: Image, stage: int, name: str) -> str | None:
    """The value that an ENV or ARG of the stage, or of one below it, gives a variable."""
    current: int | None = stage
    while current is not None:
        for each in reversed(image.stages[current].instructions):
            for said in each.settings if each.keyword in ("ENV", "ARG") else ():
                if said.name == name:
                    return (said.value.value or said.value.written) if said.value else ""
        current = image.stages[current].base.stage
    return None

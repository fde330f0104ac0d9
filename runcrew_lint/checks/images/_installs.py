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


def settings(image: Image, name: str) -> list[str | None]:
    """What an ENV or ARG of each stage, or of one below it, makes of a variable, by the stage's index."""
    found: list[str | None] = []
    for stage in image.stages:
        value = found[stage.base.stage] if stage.base.stage is not None else None
        for each in stage.instructions:
            said = next((said for said in each.settings if said.name == name), None)
            if said and each.keyword in ("ENV", "ARG"):
                value = (said.value.value or said.value.written) if said.value else ""
        found.append(value)
    return found

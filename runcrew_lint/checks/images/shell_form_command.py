"""shell-form-command: a CMD or ENTRYPOINT that a shell runs, which keeps the stop signal to itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.shipped import commands, lineage
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_EXEC = lazily(r"(?:\A|&&|\|\||;|\n|\bthen\b|\belse\b)\s*exec\s")
# Words that are themselves in any shell; the first is a program, not what only a shell knows.
_PLAIN = lazily(r"[\w./:@%+,-]+(?:[ \t]+[\w./:@%+,=-]+)*")
_SHELLS_OWN = (
    ". : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash if jobs kill"
    " printf pwd read return set shift source test time times trap true type ulimit umask unalias unset wait"
    " while until for case"
)
_BUILTINS = frozenset(_SHELLS_OWN.split())
_WINDOWS = lazily(r"windows|nanoserver|servercore", re.IGNORECASE)


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """Faults at the commands that the shipped image starts.

    Silent where the shell gives way with `exec`, where SHELL says that a shell is wanted, and on Windows.
    """
    stages = lineage(fact)
    if not stages or _WINDOWS.search(stages[-1].base.reference.written):
        return
    if any(each.keyword == "SHELL" for stage in stages for each in stage.instructions):
        return
    started = commands(fact)
    for each in started:
        script = each.values[0].written if each.values and not each.is_array else ""
        if not script or each.documents or _EXEC.search(script):
            continue
        yield Fault(
            Place(fact.path, each.span),
            f"this {each.keyword} runs under /bin/sh, which takes the SIGTERM of a stop and need not hand it "
            "on, so a deployment may wait ten seconds and then kill the process in the middle of its work",
            help="" if _is_plain(script) else "start the last command of the line with `exec`",
            mend=_mend(fact.path, each, script) if len(started) == 1 and each.keyword == "CMD" else None,
        )


def _is_plain(script: str) -> bool:
    return bool(_PLAIN.fullmatch(script)) and script.split()[0] not in _BUILTINS


def _mend(path: str, command: Instruction, script: str) -> MendRequest | None:
    """The exec form, for one command without anything that only a shell understands.

    An ENTRYPOINT is left alone: in exec form it takes the CMD as arguments, that of the base, too.
    """
    value = command.values[0]
    if not _is_plain(script):
        return None
    text = json.dumps(script.split())
    told = (("title", "writes the command in exec form"), ("text", text), ("was", script))
    return MendRequest("text.replace", Place(path, value.span), (*told, ("safety", "safe")))

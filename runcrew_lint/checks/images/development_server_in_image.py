"""development-server-in-image: an image that starts a reloader or a debugger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.containers.development import Sign, debugs, sign_of
from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.shipped import backwards, commands, says_local
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span

_WORD = lazily(r"[^\s\"'&|;]+")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """Faults at the word of the final command, and at each ENV, that is a developer's.

    Files and stages whose names say development or test are that on purpose, and so is an image that says
    itself that it runs locally.
    """
    if says_local(fact):
        return
    for instruction in commands(fact):
        yield from _command(fact.path, instruction)
    yield from _settings(fact)


def _command(path: str, instruction: Instruction) -> Iterator[Fault]:
    for words, spans in _lines(instruction):
        sign = sign_of(words)
        if sign is not None:
            place = Place(path, spans[sign.at])
            yield Fault(
                place,
                f"the image starts `{sign.what}`, which is for a developer's machine: it watches files, "
                "serves slowly, and may show a console to whoever makes it fail",
                help=_help(sign),
                mend=MendRequest("dockerfile.drop_word", place, (("word", words[sign.at]),))
                if sign.is_flag
                else None,
            )
            return


def _help(sign: Sign) -> str:
    return f"drop {sign.what.rpartition(' ')[2]}" if sign.is_flag else ""


def _lines(instruction: Instruction) -> Iterator[tuple[Sequence[str], Sequence[Span]]]:
    """The command's words with their places: of a list, of a script, of a script in a list (`sh -c`)."""
    if instruction.is_array:
        words = [value.written for value in instruction.values]
        yield words, [value.span for value in instruction.values]
        if len(words) > 2 and words[0].rpartition("/")[2] in ("sh", "bash", "ash") and words[1].endswith("c"):
            inner = _WORD.findall(words[2])
            yield inner, [instruction.values[2].span] * len(inner)
        return
    for value in instruction.values:
        found = list(_WORD.finditer(value.written))
        yield [each[0] for each in found], [value.place(*each.span()) for each in found]


def _settings(fact: Image) -> Iterator[Fault]:
    seen: set[str] = set()
    for instruction in backwards(fact):
        if instruction.keyword != "ENV":
            continue
        for setting in reversed(instruction.settings):
            value = setting.value.value if setting.value else None
            if setting.name in seen or value is None:
                continue
            seen.add(setting.name)
            if debugs(setting.name, value):
                yield Fault(
                    Place(fact.path, setting.span),
                    f"{setting.name}={value} is part of the image, so production debugs too unless every "
                    "deployment remembers to switch it off",
                    help=f"drop it here, and set {setting.name} where developers run the image",
                )

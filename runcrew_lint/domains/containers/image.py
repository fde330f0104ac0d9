"""A Dockerfile as an Image: its stages, what each is built from, and what every value comes to."""

from __future__ import annotations

from collections.abc import Iterable

from runcrew_lint.documents import dockerfile
from runcrew_lint.documents.dockerfile_words import Word
from runcrew_lint.domains.containers.facts import (
    Base,
    Document,
    Flag,
    Image,
    Instruction,
    Setting,
    Splice,
    Stage,
    Value,
)
from runcrew_lint.domains.containers.scope import Scope
from runcrew_lint.domains.containers.variables import TOO_LONG, Result, resolve
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

# Commands are the shell's to read: the builder replaces no variable in them.
_COMMANDS = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL", "HEALTHCHECK", "MAINTAINER"})

_PRODUCTION = ("prod", "production")
MAX_STAGES = 500  # of one file; a line looks for its variables down all that its stage is built on
MAX_MADE = 4 * 1024 * 1024  # characters that the variables of one file may come to


def read(source: Source, reading: Reading) -> Image:
    """The image that a Dockerfile builds.

    Errors:
        Unreadable where the builder would refuse it, or where it has more than MAX_STAGES.
    """
    document = source.derive(dockerfile.parse)
    lifter = _Lifter(document.escape)
    for instruction in document.instructions:
        lifter.add(instruction)
    beside = any(reading.consult(f"{source.path}.{each}") is not None for each in _PRODUCTION)
    return lifter.image(source.path, beside)


class _Lifter:
    """Walks the instructions in order, since a value means what the lines above it say."""

    def __init__(self, escape: str) -> None:
        self.escape = escape
        self.globals = Scope.of_file()
        self.scope = self.globals
        self.preamble: list[Instruction] = []
        self.stages: list[Stage] = []
        self.scopes: list[Scope] = []
        self.names: dict[str, int] = {}
        self.open: tuple[str, Base, dockerfile.Instruction] | None = None
        self.instructions: list[Instruction] = []
        self.made = 0

    def add(self, instruction: dockerfile.Instruction) -> None:
        if instruction.keyword == "FROM":
            self._close()
            if len(self.stages) == MAX_STAGES:
                raise Unreadable(f"more than {MAX_STAGES} stages", instruction.span)
            self._open(instruction)
            return
        kept = instruction.trigger or instruction
        lifted = self._instruction(kept, instruction)
        self.scope.declare(lifted)
        (self.instructions if self.open else self.preamble).append(lifted)

    def image(self, path: str, production_beside: bool) -> Image:
        self._close()
        return Image(path, tuple(self.preamble), tuple(self.stages), production_beside)

    def _open(self, instruction: dockerfile.Instruction) -> None:
        word = instruction.words[0]
        result = self._resolved(word, self.globals)
        unknown = result.unknown
        if not unknown and not result.text:
            unknown = f"`{word.text}` comes to nothing: no ARG before the first FROM gives it a value"
        reference = Value(word.text, None if unknown else result.text, unknown, word.span)
        stage = self.names.get((reference.value or "").lower())
        rests_on = tuple(filter(None, (self.globals.setting(name) for name in dict.fromkeys(result.used))))
        name = instruction.words[2].text.lower() if len(instruction.words) == 3 else ""
        self.open = (name, Base(reference, stage, rests_on), instruction)
        parent = self.scopes[stage] if stage is not None else None
        self.scope = Scope.of_stage(self.globals, parent, is_scratch=reference.value == "scratch")

    def _close(self) -> None:
        if self.open is None:
            return
        name, base, instruction = self.open
        index = len(self.stages)
        self.stages.append(Stage(index, name, base, instruction.span, tuple(self.instructions)))
        self.scopes.append(self.scope)
        self.instructions = []
        if name:
            self.names[name] = index

    def _instruction(self, kept: dockerfile.Instruction, whole: dockerfile.Instruction) -> Instruction:
        documents = (Document(doc.name, doc.content, doc.span, doc.expand) for doc in whole.heredocs)
        return Instruction(
            kept.keyword,
            whole.span,
            tuple(Flag(flag.name, flag.value or "", flag.span) for flag in kept.flags),
            tuple(self._values(kept)),
            tuple(
                Setting(self._text(pair.name), self._value(pair.value) if pair.value else None, pair.span)
                for pair in kept.pairs
            ),
            kept.is_array,
            tuple(documents),
            onbuild=whole.trigger is not None,
        )

    def _text(self, word: Word) -> str:
        return self._resolved(word, self.scope).text or word.text

    def _values(self, kept: dockerfile.Instruction) -> Iterable[Value]:
        if kept.keyword not in _COMMANDS:
            return (self._value(word) for word in kept.words)
        splices: tuple[Splice, ...] = ()
        if not kept.is_array and kept.keyword != "HEALTHCHECK":
            splices = tuple(Splice(mark.at, mark.offset) for mark in kept.rest.marks)
        return (Value(word.text, word.text, "", word.span, splices) for word in kept.words)

    def _value(self, word: Word) -> Value:
        result = self._resolved(word, self.scope)
        return Value(word.text, result.text, result.unknown, word.span)

    def _resolved(self, word: Word, scope: Scope) -> Result:
        if self.made > MAX_MADE:
            return Result(None, TOO_LONG)
        result = resolve(word.text, scope.lookup, self.escape)
        self.made += len(result.text or "") if result.used else 0
        return result

"""What the RUN instructions of an image do, as plain values: each command that their shells run."""

from __future__ import annotations

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Token(NamedTuple):
    """One word of a command; in `text` each part that only the shell knows is written `$`.

    `whole` says that nothing in it is.
    """

    text: str
    whole: bool
    span: Span


@frozen
class ShellCommand:
    """One simple command.

    Arguments:
        words: with the words in front of the program (`sudo`, `env A=b`).
        at: where in them the program stands.
        pipe: the number of the pipeline of its RUN that it is part of, from 1; 0 for none.
        last: whether it is the last of its pipeline.
        guarded: whether its failure is looked at: a test, the left side of `||`.
        deep: how many functions, subshells, substitutions and conditions it stands in.
    """

    words: tuple[Token, ...]
    at: int
    pipe: int
    last: bool
    guarded: bool
    deep: int

    @property
    def program(self) -> str:
        """The program's name without its folder; "" where there is none."""
        return self.words[self.at].text.rpartition("/")[2] if self.at < len(self.words) else ""

    @property
    def arguments(self) -> tuple[Token, ...]:
        """The words behind the program."""
        return self.words[self.at + 1 :]

    @property
    def texts(self) -> tuple[str, ...]:
        """The arguments' texts."""
        return tuple(each.text for each in self.arguments)

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return self.words[0].span.cover(self.words[-1].span)


@frozen
class RunScript:
    """One RUN.

    Arguments:
        stage: the index of its stage.
        number: its index in the instructions of that stage.
        shell: the words of the shell that runs it.
        commands: in the order of the text.
        whole: whether all of it could be read.
        chained: whether it is one line of simple commands, each run only where the one before succeeded.
        end: the file's offset behind the script's last character; -1 where nothing can be added there.
        text: the script.
    """

    stage: int
    number: int
    span: Span
    shell: tuple[str, ...]
    commands: tuple[ShellCommand, ...]
    whole: bool
    chained: bool
    end: int
    text: str


@frozen
class ImageScripts:
    """One Dockerfile with its RUNs read."""

    path: str
    image: Image
    runs: tuple[RunScript, ...]

    def instruction(self, run: RunScript) -> Instruction:
        """The instruction that a script belongs to."""
        return self.image.stages[run.stage].instructions[run.number]

"""What a shell script says: plain values, so that a fact may keep them. The parser is in shell.py."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class PartKind(StrEnum):
    """What one part of a word is.

    `TEXT` is literal; a `VARIABLE` is named by its text; a `HOLE` is filled by another language before
    the shell runs (a `${{ }}`), its text being that language's; what the shell makes only when it runs
    (a command's output, arithmetic) is `OPAQUE`, its text being the source.
    """

    TEXT = "text"
    VARIABLE = "variable"
    HOLE = "hole"
    OPAQUE = "opaque"


class Part(NamedTuple):
    """One part of a word; `default` is the literal of `${NAME:-default}`, or None.

    `trim` is what `${NAME#prefix}`, `##`, `%` or `%%` cuts off: the operator and its glob. What is not
    `quoted` is split into words where its value has blanks.
    """

    kind: PartKind
    text: str
    default: str | None = None
    quoted: bool = False
    trim: str = ""


class Word(NamedTuple):
    """One word after quote removal; a word without parts is the empty string."""

    span: Span
    parts: tuple[Part, ...]

    @property
    def literal(self) -> str | None:
        """The word where it is all text."""
        if any(part.kind is not PartKind.TEXT for part in self.parts):
            return None
        return "".join(part.text for part in self.parts)


class Assignment(NamedTuple):
    """`NAME=value`, exported or not; without a value (`export NAME`) the word is None."""

    name: str
    value: Word | None


class Simple(NamedTuple):
    """A simple command: assignments, then its words; without words the assignments stay."""

    span: Span
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]


class Chain(NamedTuple):
    """`left && right` or `left || right`."""

    operator: str
    left: tuple[Statement, ...]
    right: tuple[Statement, ...]


class Branch(NamedTuple):
    """One `if` or `elif`: it runs its body where its test succeeds."""

    test: tuple[Statement, ...]
    body: tuple[Statement, ...]


class If(NamedTuple):
    """`if` with its `elif`s; `otherwise` is the body of `else`."""

    branches: tuple[Branch, ...]
    otherwise: tuple[Statement, ...]


class Arm(NamedTuple):
    """One arm of a `case`."""

    patterns: tuple[Word, ...]
    body: tuple[Statement, ...]


class Case(NamedTuple):
    """`case subject in ... esac`."""

    subject: Word
    arms: tuple[Arm, ...]


class For(NamedTuple):
    """`for variable in items`."""

    variable: str
    items: tuple[Word, ...]
    body: tuple[Statement, ...]


class While(NamedTuple):
    """`while` and `until`: a test that runs once or more, and a body that runs none or more times."""

    test: tuple[Statement, ...]
    body: tuple[Statement, ...]


class Group(NamedTuple):
    """Statements that belong together.

    `kind` is subshell, group, pipeline, negated, substitution, contained (they run in a container), remote
    (on another machine) or remote script (a script of this one is sent there). `shell` is the one that is
    started for them with its options, as `shell:` of a step writes it (`bash -e {0}`); "" is the one that is
    there.
    """

    kind: str
    body: tuple[Statement, ...]
    shell: str = ""


class Redirected(NamedTuple):
    """Statements whose output goes to files; `targets` are those of `>` and `>>`."""

    body: tuple[Statement, ...]
    targets: tuple[Word, ...]


class Function(NamedTuple):
    """A function's definition."""

    name: str
    body: tuple[Statement, ...]


class Operation(StrEnum):
    """What a test asks; `UNKNOWN` stands for what is not read (-f, -gt, ...)."""

    EQUAL = "=="
    UNEQUAL = "!="
    EMPTY = "-z"
    FILLED = "-n"
    NOT = "!"
    AND = "&&"
    OR = "||"
    UNKNOWN = "?"


class Test(NamedTuple):
    """`[ ]`, `[[ ]]` or `test`: the operation over words or over inner tests.

    `pattern` says that the right word is a glob, as it is unquoted inside `[[ ]]`.
    """

    span: Span
    operation: Operation
    words: tuple[Word, ...]
    inner: tuple[Test, ...] = ()
    pattern: bool = False


class Broken(NamedTuple):
    """A part of the script that did not parse; `text` is how it begins."""

    span: Span
    text: str


Statement = Simple | Chain | If | Case | For | While | Group | Redirected | Function | Test | Broken

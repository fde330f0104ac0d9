"""What a script is made of while it runs: words, commands, and what it knows."""

from __future__ import annotations

from dataclasses import field, replace

from runcrew_lint.documents.shell_tree import Function
from runcrew_lint.domains.lattice import Value, join, known
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

UNKNOWN = "\0"  # no word of a shell holds it


class Argument(NamedTuple):
    """One word of a command after expansion, with the place that it was written in.

    `sketch` is what is known of an unknown one, with UNKNOWN for each part that is not.
    """

    value: Value
    place: Place
    sketch: str = ""

    @property
    def text(self) -> str | None:
        """The word where it is known."""
        options = self.value.options
        return to_text(options[0]) if len(options) == 1 else None


@frozen
class Command:
    """A command that a script comes to.

    `sure` is false where a condition that is not known decides; `variables` are the script's own;
    `directory` is the folder, from the root. A part of the script that does not parse is a command
    without words; `broken` is its text. `host` is the machine where it runs elsewhere, None for here;
    `forgiven` says that the script goes on where it fails (`|| true`).
    """

    place: Place
    words: tuple[Argument, ...]
    directory: Value
    sure: bool
    variables: dict[str, Value]
    broken: str = ""
    host: Value | None = None
    forgiven: bool = False


@mutable
class State:
    """What a script knows while it runs."""

    directory: Value
    variables: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    arguments: tuple[Argument, ...] | None = None
    outputs: dict[str, Value] = field(default_factory=dict)  # written to $GITHUB_OUTPUT
    exports: dict[str, Value] = field(default_factory=dict)  # written to $GITHUB_ENV
    host: Value | None = None  # the other machine that the script runs on
    forgiven: bool = False
    keeps_going: bool = False  # after `set +e`
    counts_pipes: bool = False  # after `set -o pipefail`

    def copy(self) -> State:
        """A state of its own with the same values."""
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            outputs=dict(self.outputs),
            exports=dict(self.exports),
        )

    def settle(self, others: list[State]) -> None:
        """Take what holds after one of several ways was gone."""
        for name in ("variables", "outputs", "exports"):
            tables: list[dict[str, Value]] = [getattr(each, name) for each in others]
            keys = dict.fromkeys(key for table in tables for key in table)
            empty = known("")
            setattr(self, name, {key: join(table.get(key, empty) for table in tables) for key in keys})
        self.directory = join(each.directory for each in others)
        for each in others:
            self.functions |= each.functions


@mutable
class Budget:
    """How many statements one step's script may still run, those of the scripts that it runs included."""

    left: int
    cut_short: bool = False

    def take(self) -> bool:
        """One statement more, where there is one left."""
        self.left -= 1
        if self.left < 0:
            self.cut_short = True
        return self.left >= 0


@frozen
class Outcome:
    """How a statement ends: `success` None is not known; `ended` says whether the script stops there.

    `assumed` marks a command's success, which is only hoped for.
    """

    success: bool | None = True
    ended: bool | None = False
    assumed: bool = False


def settled(state: State, ways: list[tuple[State, Outcome]]) -> Outcome:
    """The state after one of several ways was gone; ways that end the script lead nowhere."""
    live = [(each, outcome) for each, outcome in ways if outcome.ended is not True]
    if not live:
        return Outcome(None, True)
    state.settle([each for each, _ in live])
    whole = len(live) == len(ways) and all(outcome.ended is False for _, outcome in live)
    success = ways[0][1].success if len(ways) == 1 else None
    return Outcome(success, False if whole else None, len(ways) == 1 and ways[0][1].assumed)

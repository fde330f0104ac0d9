"""One script of a step, run once for all occasions that answer alike what it asks."""

from __future__ import annotations

from collections.abc import Callable

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.delivery.expansion import Fill, Look
from runcrew_lint.domains.delivery.follow import Tracer, drive
from runcrew_lint.domains.delivery.hits import Hit
from runcrew_lint.domains.delivery.interpret import MAX_STEPS, Interpreter
from runcrew_lint.domains.delivery.leniency import shell_of
from runcrew_lint.domains.delivery.programs import heard
from runcrew_lint.domains.delivery.silence import Silence
from runcrew_lint.domains.delivery.state import Budget, State
from runcrew_lint.domains.lattice import Value
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

Answers = dict[tuple[bool, str], Value | None]  # what was asked: of an expression (True) or a variable


class Ran(NamedTuple):
    """What a script came to: its hits with the place of the command in the step itself, and what it left."""

    hits: tuple[tuple[Hit, Place], ...]
    outputs: dict[str, Value]
    exports: dict[str, Value]
    cut_short: bool


class _Kept(NamedTuple):
    directory: Value
    host: Value | None
    answers: Answers
    ran: Ran


class Scripted:
    """Runs the scripts of steps; the same script under the same answers is run once.

    `silence` knows the steps of which nothing comes.
    """

    def __init__(self, tracer: Tracer) -> None:
        self.tracer, self.silence = tracer, Silence()
        self.kept: dict[Place, list[_Kept]] = {}

    def run(
        self,
        place: Place,
        statements: tuple[Statement, ...],
        directory: Value,
        host: Value | None,
        fill: Fill,
        look: Look,
        scripts: dict[str, ShellScript],
        shell: str = "",
    ) -> Ran:
        """What the script at `place` comes to.

        Arguments:
            shell: what `shell:` says of it.
            host: the machine where it runs elsewhere.
            fill, look: answer for its expressions and variables.
            scripts: the shell scripts of its workflow, by path.
        """
        kept = self.kept.setdefault(place, [])
        for each in kept:
            if each.directory == directory and each.host == host and _same(each.answers, fill, look):
                return each.ran
        answers: Answers = {}
        asking_fill, asking_look = _asking(True, fill, answers), _asking(False, look, answers)
        keeps_going, counts_pipes = shell_of(shell)
        state = State(directory, host=host, keeps_going=keeps_going, counts_pipes=counts_pipes)
        budget = self.tracer.budget = Budget(MAX_STEPS)
        interpreter = Interpreter(place.path, asking_fill, asking_look, budget=budget, heard=heard)  # type: ignore[arg-type]
        hits = tuple(
            (hit, command.place)
            for command in drive(interpreter.run(statements, state, True))
            for hit in self.tracer.trace(command, asking_look, scripts)
        )
        ran = Ran(hits, state.outputs, state.exports, budget.cut_short)
        kept.append(_Kept(directory, host, answers, ran))
        return ran


def _asking(
    is_expression: bool, ask: Callable[[str], Value | None], answers: Answers
) -> Callable[[str], Value | None]:
    def asked(name: str) -> Value | None:
        key = (is_expression, name)
        if key not in answers:
            answers[key] = ask(name)
        return answers[key]

    return asked


def _same(answers: Answers, fill: Fill, look: Look) -> bool:
    return all(
        (fill(name) if is_expression else look(name)) == value
        for (is_expression, name), value in answers.items()
    )

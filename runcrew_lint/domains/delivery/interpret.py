"""Runs shell statements over the lattice: which commands they come to, with which words, in which folder.

Nothing is executed. A branch whose test is not known is taken, and what follows from it is not sure.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace

from runcrew_lint.documents.shell_tree import (
    Broken,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Redirected,
    Simple,
    Statement,
    Test,
    While,
)
from runcrew_lint.domains.delivery.expansion import Expansion, Fill, Look, inverted, matches, moved
from runcrew_lint.domains.delivery.launchers import ssh_destination
from runcrew_lint.domains.delivery.leniency import (
    RETURNS,
    asks,
    can_end,
    counts_pipes,
    forgives,
    keeps_going,
    last_asking,
    passes_on,
    shell_of,
)
from runcrew_lint.domains.delivery.state import Argument, Budget, Command, Outcome, State, settled
from runcrew_lint.domains.delivery.workspace import WORKSPACE, seen_from
from runcrew_lint.domains.delivery.written import written
from runcrew_lint.domains.lattice import Value, known, lift, unknown
from runcrew_lint.domains.shell_scripts import simple_commands
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Span

MAX_NESTING = 100  # blocks within blocks, functions included
MAX_STEPS = 20_000  # statements of one step, loops and the scripts that it runs counted through

Commands = Generator[Command, None, Outcome]
_DONE = Outcome(True, False, True)
_UNHEARD = unknown("nobody asks for it")
_TAKES_IN = ("read", "mapfile", "readarray")
_TAKEN_IN = unknown("the script takes it in while it runs")
_NAME = lazily(r"[A-Za-z_]\w*")


class Interpreter(Expansion):
    """Runs the statements of one script; `fill` and `look` answer for what lies outside of it.

    Arguments:
        path: the file that the script stands in.
        passed: words that are handed to the script's last command, as npm does.
        budget: shared by all scripts that one step comes to.
        heard: how many words of a program somebody asks for, by its name: of one that nobody asks for at
            all nothing is given, and what stands behind these words stays unknown.
    """

    def __init__(
        self,
        path: str,
        fill: Fill,
        look: Look,
        statements: tuple[Statement, ...] = (),
        passed: tuple[Argument, ...] = (),
        budget: Budget | None = None,
        heard: Callable[[str], int] | None = None,
    ) -> None:
        super().__init__(path, fill, look)
        self.passed, self.heard = passed, heard
        self.last = max((each.span for each in simple_commands(statements)), key=_end, default=None)
        self.nesting = 0
        self.whole: tuple[Statement, ...] = ()
        self._asks: bool | None = None
        # By identity: a function is run often.
        self._asking: dict[int, tuple[tuple[Statement, ...], int]] = {}
        self.budget = budget or Budget(MAX_STEPS)
        self.destination: Value | None = None  # of the last ssh

    def run(self, statements: Iterable[Statement], state: State, sure: bool = True) -> Commands:
        """The commands in the order that they are come to; the generator's result is the outcome."""
        outcome = Outcome()
        if self.nesting >= MAX_NESTING:
            self.budget.cut_short = True
            return Outcome(None)
        self.nesting += 1
        statements, outer = tuple(statements), state.forgiven
        if self.nesting == 1:
            self.whole, self._asks = statements, None
        for index, each in enumerate(statements, 1):
            if state.keeps_going:  # under `set +e` only the last command, or who asks for `$?`, makes it fail
                asking = self._last_asking(statements)
                passed_over = asking < index < len(statements) and not can_end(each)
                state.forgiven = outer or passed_over
            outcome = yield from self.step(each, state, sure)
            state.forgiven = outer
            if outcome.ended is True:
                break
            sure = sure and outcome.ended is False
        self.nesting -= 1
        if outcome.ended is True:
            return outcome
        return outcome if sure else replace(outcome, ended=outcome.ended if outcome.ended is False else None)

    def _last_asking(self, statements: tuple[Statement, ...]) -> int:
        known = self._asking.get(id(statements))
        if known is None:
            known = self._asking[id(statements)] = (statements, last_asking(statements))
        return known[1]

    def step(self, statement: Statement, state: State, sure: bool) -> Commands:
        """One statement."""
        if not self.budget.take():
            return Outcome(None, True)
        if isinstance(statement, Simple):
            return (yield from self.simple(statement, state, sure))
        if isinstance(statement, Chain):
            return (yield from self.chain(statement, state, sure))
        if isinstance(statement, If):
            return (yield from self.branches(statement, state, sure))
        if isinstance(statement, Case):
            return (yield from self.case(statement, state, sure))
        if isinstance(statement, For):
            return (yield from self.loop(statement, state, sure))
        if isinstance(statement, While):
            return (yield from self.repeated(statement, state, sure))
        if isinstance(statement, Group):
            return (yield from self.group(statement, state, sure))
        if isinstance(statement, Redirected):
            return (yield from self.redirected(statement, state, sure))
        if isinstance(statement, Function):
            state.functions[statement.name] = statement
            return Outcome()
        if isinstance(statement, Test):
            return Outcome(self.test(statement, state))
        return (yield from self.broken(statement, state))

    def broken(self, statement: Broken, state: State) -> Commands:
        place = Place(self.path, statement.span)
        yield Command(place, (), state.directory, False, {}, statement.text, state.host)
        return Outcome(None)

    def simple(self, statement: Simple, state: State, sure: bool) -> Commands:
        given = {
            each.name: self.word(each.value, state)
            for each in statement.assignments
            if each.value is not None
        }
        if not statement.words:
            state.variables |= given
            return Outcome()
        written = statement.words
        head = written[0].literal
        if head == "set":
            said = keeps_going(each.literal for each in written[1:])
            state.keeps_going = state.keeps_going if said is None else said
            piped = counts_pipes(each.literal for each in written[1:])
            state.counts_pipes = state.counts_pipes if piped is None else piped
            return _DONE
        if head in _TAKES_IN:
            names = (each.literal or "" for each in statement.words[1:])
            state.variables |= {name: _TAKEN_IN for name in names if _NAME.fullmatch(name)}
            return _DONE
        heard = self.heard(head) if self.heard and head and head not in state.functions else len(written)
        if not heard:
            return _DONE
        words = tuple(self.expand(written[:heard], state))
        words += tuple(Argument(_UNHEARD, Place(self.path, each.span)) for each in written[heard:])
        if self.passed and statement.span == self.last:
            words += self.passed
        name = words[0].text if words else None
        if name in RETURNS:
            code = words[1].text if len(words) > 1 else "0"
            return Outcome(code == "0", True)
        if name in ("true", ":", "false"):
            return Outcome(name != "false")
        if name == "cd":
            state.directory = moved(state.directory, words[1].value if len(words) > 1 else known("~"))
            return _DONE
        if name in state.functions:
            return (yield from self.call(state.functions[name], words[1:], state, sure))
        words = tuple(_seen(each, state.directory) for each in words)
        place = Place(self.path, statement.span)
        if words and (destination := ssh_destination(words)):
            self.destination = destination
        seen = state.variables | given
        yield Command(place, words, state.directory, sure, seen, "", state.host, state.forgiven)
        if name in ("test", "["):
            return Outcome(None)
        return _DONE

    def call(self, function: Function, words: tuple[Argument, ...], state: State, sure: bool) -> Commands:
        outer, state.arguments = state.arguments, words
        outcome = yield from self.run(function.body, state, sure)
        state.arguments = outer
        return replace(outcome, ended=False) if outcome.ended else outcome

    def chain(self, statement: Chain, state: State, sure: bool) -> Commands:
        outer = state.forgiven
        state.forgiven = outer or forgives(statement)
        first = yield from self.run(statement.left, state, sure)
        state.forgiven = outer
        if first.ended is True:
            return first
        onward = first.success if statement.operator == "&&" else inverted(first.success)
        if first.assumed:  # a command is taken to succeed: what follows `||` is for the bad day
            if statement.operator == "&&":
                return (yield from self.run(statement.right, state, sure))
            yield from self.run(statement.right, state.copy(), False)
            return first
        if onward is False:
            return first
        if onward is True:
            return (yield from self.run(statement.right, state, sure))
        return (yield from self.maybe(statement.right, state))

    def repeated(self, statement: While, state: State, sure: bool) -> Commands:
        """A loop whose test runs at least once, and somebody looks at how that ends."""
        outer, state.forgiven = state.forgiven, False
        test = yield from self.run(statement.test, state, sure)
        state.forgiven = outer
        return test if test.ended is True else (yield from self.maybe(statement.body, state))

    def maybe(self, statements: Iterable[Statement], state: State) -> Commands:
        """Statements that run or don't."""
        other = state.copy()
        outcome = yield from self.run(statements, other, False)
        if outcome.ended is not True:
            state.settle([state.copy(), other])
        return Outcome(None, False if outcome.ended is False else None)

    def branches(self, statement: If, state: State, sure: bool) -> Commands:
        ways: list[tuple[State, Outcome]] = []
        for branch in statement.branches:
            outer, state.forgiven = state.forgiven, False  # somebody looks at how it ends
            test = yield from self.run(branch.test, state, sure)
            state.forgiven = outer
            answer = None if test.assumed else test.success
            if answer is False:
                continue
            taken = state.copy()
            certain = sure and answer is True and not ways
            ways.append((taken, (yield from self.run(branch.body, taken, certain))))
            if answer is True:
                return settled(state, ways)
        rest = state.copy()
        ways.append((rest, (yield from self.run(statement.otherwise, rest, sure and not ways))))
        return settled(state, ways)

    def case(self, statement: Case, state: State, sure: bool) -> Commands:
        subject = self.word(statement.subject, state)
        ways: list[tuple[State, Outcome]] = []
        for arm in statement.arms:
            answers = [matches(subject, self.word(each, state)) for each in arm.patterns]
            answer = True if True in answers else None if None in answers else False
            if answer is False:
                continue
            taken = state.copy()
            certain = sure and answer is True and not ways
            ways.append((taken, (yield from self.run(arm.body, taken, certain))))
            if answer is True:
                return settled(state, ways)
        return settled(state, [*ways, (state.copy(), Outcome())])

    def loop(self, statement: For, state: State, sure: bool) -> Commands:
        items = list(self.expand(statement.items, state))
        outcome = Outcome()
        for item in items or [
            Argument(unknown("the loop's items are not known"), Place(self.path, Span(0, 0)))
        ]:
            state.variables[statement.variable] = item.value
            outcome = yield from self.run(statement.body, state, sure and bool(items))
            if outcome.ended:
                break
        return outcome

    def group(self, statement: Group, state: State, sure: bool) -> Commands:
        if statement.kind == "pipeline":
            return (yield from self.pipeline(statement, state, sure))
        own = state if statement.kind in ("group", "negated") else state.copy()
        if statement.kind.startswith("remote"):
            own.host = self.destination or unknown("the machine is not named")
            if statement.kind == "remote":
                own.directory = unknown("it runs on another machine")
        if statement.kind == "contained":
            own.directory = unknown("it runs in a container")
        if statement.shell:  # nothing of `set` reaches another shell
            own.keeps_going, own.counts_pipes = shell_of(statement.shell)
        outcome = yield from self.run(statement.body, own, sure)
        if statement.kind == "negated":
            return replace(outcome, success=inverted(outcome.success))
        return outcome if own is state else replace(outcome, ended=False)

    def pipeline(self, statement: Group, state: State, sure: bool) -> Commands:
        """Commands of which the last one alone decides, unless `pipefail` is set or somebody asks."""
        own = state.copy()
        own.keeps_going = False  # it fails or goes on as a whole
        *before, last = statement.body
        hushed = passes_on(last) and not (state.counts_pipes or self.asked())
        own.forgiven = state.forgiven or hushed
        yield from self.run(before, own, sure)
        own.forgiven = state.forgiven
        outcome = yield from self.run((last,), own, sure)
        state.outputs, state.exports = own.outputs, own.exports
        return replace(outcome, ended=False)

    def asked(self) -> bool:
        """Whether the script asks anywhere how a command ended."""
        if self._asks is None:
            self._asks = asks(self.whole)
        return self._asks

    def redirected(self, statement: Redirected, state: State, sure: bool) -> Commands:
        names = {part.text for target in statement.targets for part in target.parts[:1]}
        for table, name in ((state.outputs, "GITHUB_OUTPUT"), (state.exports, "GITHUB_ENV")):
            if name in names:
                table |= written(self, statement.body, state)
        return (yield from self.run(statement.body, state, sure))


def _seen(word: Argument, directory: Value) -> Argument:
    """A word that names the checkout by its absolute path, as a path from the folder that it is used in."""
    if not directory.is_known or not any(WORKSPACE in to_text(each) for each in word.value.options):
        return word
    folder = to_text(directory.known)
    return word._replace(value=lift(lambda each: seen_from(folder, to_text(each)), word.value))


def _end(span: Span) -> int:
    return span.end

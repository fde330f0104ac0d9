"""Shell words and tests over the lattice: expansions, splitting, globs, folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from fnmatch import translate
from functools import lru_cache
from posixpath import isabs, normpath
from posixpath import join as join_path

from runcrew_lint.documents.shell_tree import Operation, Part, PartKind, Test, Word
from runcrew_lint.domains.delivery.state import UNKNOWN, Argument, State
from runcrew_lint.domains.delivery.workspace import WORKSPACE, from_root
from runcrew_lint.domains.lattice import Value, join, known, lift, unknown
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.text import Place, number_of

Fill = Callable[[str], Value]  # what stands in a hole
Look = Callable[[str], Value | None]  # an environment variable, None where it is not set


class Expansion:
    """Expands the words of one file; `fill` and `look` answer for what lies outside of the script."""

    def __init__(self, path: str, fill: Fill, look: Look) -> None:
        self.path, self.fill, self.look = path, fill, look

    def test(self, statement: Test, state: State) -> bool | None:
        operation, inner = statement.operation, [self.test(each, state) for each in statement.inner]
        if operation is Operation.NOT:
            return inverted(inner[0])
        if operation is Operation.AND:
            return False if False in inner else None if None in inner else True
        if operation is Operation.OR:
            return True if True in inner else None if None in inner else False
        words = [self.word(each, state) for each in statement.words]
        if operation in (Operation.EMPTY, Operation.FILLED):
            answers = {to_text(option) == "" for option in words[0].options}
            answer = answers.pop() if len(answers) == 1 else None
            return answer if operation is Operation.EMPTY else inverted(answer)
        if operation in (Operation.EQUAL, Operation.UNEQUAL):
            if statement.pattern:
                answer = matches(words[0], words[1])
            else:
                equal = lift(lambda one, other: to_text(one) == to_text(other), *words)
                answer = bool(equal.known) if equal.is_known else None
            return answer if operation is Operation.EQUAL else inverted(answer)
        return None

    def expand(self, words: Iterable[Word], state: State) -> Generator[Argument, None, None]:
        """The words after expansion: `$@` becomes the arguments, unquoted values fall apart at blanks."""
        for word in words:
            place = Place(self.path, word.span)
            if len(word.parts) == 1 and word.parts[0].kind is PartKind.TEXT:
                yield Argument(known(word.parts[0].text), place)
                continue
            if (
                len(word.parts) == 1
                and word.parts[0].kind is PartKind.VARIABLE
                and word.parts[0].text in "@*"
            ):
                yield from state.arguments or ()
                continue
            value = self.word(word, state)
            loose = any(part.kind is not PartKind.TEXT and not part.quoted for part in word.parts)
            if loose and value.is_known:
                yield from (Argument(known(each), place) for each in to_text(value.known).split())
            elif value.is_unknown:
                parts = [self.part(part, state) for part in word.parts]
                known_ones = [to_text(part.known) if part.is_known else UNKNOWN for part in parts]
                yield Argument(value, place, "".join(known_ones))
            else:
                yield Argument(value, place)

    def word(self, word: Word, state: State) -> Value:
        """What a word may be."""
        if len(word.parts) == 1:
            return lift(to_text, self.part(word.parts[0], state))
        return lift(
            lambda *parts: "".join(map(to_text, parts)), *(self.part(each, state) for each in word.parts)
        )

    def part(self, part: Part, state: State) -> Value:
        if part.kind is PartKind.TEXT:
            return known(part.text)
        if part.kind is PartKind.HOLE:
            return self.fill(part.text)
        if part.kind is PartKind.OPAQUE:
            return unknown(f"`{_short(part.text)}` is known when it runs")
        if part.text.isdigit() and state.arguments is not None:
            index = number_of(part.text) - 1
            found = state.arguments[index].value if 0 <= index < len(state.arguments) else None
        else:
            found = state.variables.get(part.text) or self.look(part.text)
        if found is None:
            missing = unknown(f"`${part.text}` is set nowhere that can be read")
            return missing if part.default is None else known(part.default)
        if part.trim:
            return lift(lambda each: _trimmed(to_text(each), part.trim), found)
        if part.default is None or found.is_unknown:
            return found
        default = known(part.default)
        return join(default if to_text(each) == "" else known(each) for each in found.options)


def inverted(answer: bool | None) -> bool | None:
    """`!` on an answer that may not be known."""
    return None if answer is None else not answer


def matches(subject: Value, pattern: Value) -> bool | None:
    """Whether a value matches a glob; an any-pattern matches even the unknown."""
    if pattern.is_known and pattern.known == "*":
        return True
    answer = lift(lambda one, glob: _glob(to_text(glob)).match(to_text(one)) is not None, subject, pattern)
    return bool(answer.known) if answer.is_known else None


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(translate(pattern))
    except re.error:
        return re.compile(r"(?!)")


def _trimmed(text: str, trim: str) -> str:
    """`${X#glob}`: the text without the shortest, or with `##` and `%%` the longest, match at an end."""
    operator = trim[: 2 if trim[:2] in ("##", "%%") else 1]
    pattern = _glob(trim[len(operator) :])
    lengths = range(len(text) + 1) if len(operator) == 1 else range(len(text), -1, -1)
    for length in lengths:
        part = text[:length] if operator[0] == "#" else text[len(text) - length :]
        if pattern.match(part):
            return text[length:] if operator[0] == "#" else text[: len(text) - length]
    return text


def moved(directory: Value, target: Value) -> Value:
    """The folder after `cd`; what lies outside of the checkout is not known."""

    def step(start: str, to: str) -> str | None:
        path = normpath(from_root(join_path(start, to)))
        if isabs(path) or path.startswith(("..", "~")):
            return None
        return "" if path == "." else path

    if target.is_known and to_text(target.known).startswith(WORKSPACE):
        directory = known("")  # wherever it was
    if directory.is_unknown or target.is_unknown:
        return directory if directory.is_unknown else target
    options = [step(to_text(one), to_text(other)) for one in directory.options for other in target.options]
    if None in options:
        return unknown("`cd` leaves the checkout")
    return join(known(each) for each in options)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."

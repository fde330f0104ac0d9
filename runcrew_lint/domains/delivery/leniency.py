"""Whether a script goes on where a command of it fails: `|| true`, `set +e`, a pipe, and who asks `$?` later.

Sources: the manual of bash, "The Set Builtin", "Pipelines" and "Special Parameters"; GitHub's workflow syntax
on `jobs.<job_id>.steps[*].shell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from runcrew_lint.documents.shell_tree import (
    Broken,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Operation,
    PartKind,
    Redirected,
    Simple,
    Statement,
    Test,
    While,
    Word,
)
from runcrew_lint.domains.shell_scripts import simple_commands

_SHOWS = "tee cat head tail ts sed awk tr sort uniq less column fold nl cut"
_PASSING = frozenset(_SHOWS.split())
RETURNS = ("exit", "return")


def goes_on(statements: tuple[Statement, ...]) -> bool:
    """Whether what stands behind `||` leaves the script running, or ends it well: no `false`, no `exit 1`."""
    last = [[word.literal for word in each.words] for each in simple_commands(statements) if each.words]
    return bool(last) and not any(
        words[0] == "false" or (words[0] in RETURNS and words[1:2] != ["0"]) for words in last
    )


def forgives(chain: Chain) -> bool:
    """Whether a `||` lets its left side fail; one that tries the same again does not."""
    if chain.operator != "||" or not goes_on(chain.right):
        return False
    before, after = _written(chain.left)[-1:], _written(chain.right)[:1]
    return before != after and not (before and after and _is_within(before[0], after[0]))


def _is_within(words: Iterable[str | None], more: Iterable[str | None]) -> bool:
    """Whether a command is said again with further words: `pytest tests || pytest --lf tests`."""
    left = iter(more)
    return all(word in left for word in words)


def _written(statements: tuple[Statement, ...]) -> list[list[str | None]]:
    return [[word.literal for word in each.words] for each in simple_commands(statements)]


def keeps_going(words: Iterable[str | None]) -> bool | None:
    """What `set` with these words says: true for `set +e`, false for `set -e`, None where it says neither."""
    said = None
    for before, word in pairwise(("", *words)):
        if before in ("-o", "+o") and word == "errexit":
            said = before == "+o"
        elif word and word[:1] in "+-" and not word.startswith("--") and "e" in word[1:]:
            said = word[0] == "+"
        elif word == "--":
            break
    return said


def counts_pipes(words: Iterable[str | None]) -> bool | None:
    """What `set` with these words says of `pipefail`: true for on, None where it says nothing."""
    said = None
    for before, word in pairwise(("", *words)):
        if word == "pipefail" and before and before[:1] in "+-" and "o" in before:
            said = before[0] == "-"
    return said


def shell_of(written: str) -> tuple[bool, bool]:
    """Whether a shell goes on where a command fails, and whether it counts every command of a pipe.

    Arguments:
        written: what `shell:` says, "" for nothing: GitHub then takes `bash -e {0}`; `bash` alone means
            `bash --noprofile --norc -eo pipefail {0}`, and `sh` means `sh -e {0}`.
    """
    program, *options = written.split() or ["bash -e"]
    if "{0}" not in options:
        return False, program == "bash"
    return keeps_going(options) is not False, counts_pipes(options) is True


def passes_on(statement: Statement) -> bool:
    """Whether the last command of a pipe only shows or keeps what comes, and judges nothing."""
    heads = [each.words[0].literal for each in simple_commands((statement,)) if each.words]
    return bool(heads) and heads[-1] in _PASSING


def can_end(statement: Statement) -> bool:
    """Whether a statement ends the script where its command fails, whatever is set: `|| exit 1`."""
    return isinstance(statement, Chain) and statement.operator == "||" and not goes_on(statement.right)


def asks(statements: Iterable[Statement]) -> bool:
    """Whether some of them may look at how a command before them ended."""
    return any(_asks(each) for each in statements)


def last_asking(statements: Sequence[Statement]) -> int:
    """The index of the last of them that may; -1 where none may."""
    return next((at for at in range(len(statements) - 1, -1, -1) if _asks(statements[at])), -1)


def _asks(statement: Statement) -> bool:
    if isinstance(statement, Test) and statement.operation is Operation.UNKNOWN:
        return True  # `[ $? -ne 0 ]`: what it compares is not kept
    return (
        isinstance(statement, Broken)
        or any(_is_answer(each) for each in _words(statement))
        or any(asks(each) for each in _blocks(statement))
    )


def _is_answer(word: Word) -> bool:
    made = [part.text for part in word.parts if part.kind is not PartKind.TEXT]
    return any(text == "?" or "$?" in text or "PIPESTATUS" in text for text in made)


def _words(statement: Statement) -> Iterator[Word]:
    if isinstance(statement, Simple):
        yield from statement.words
        yield from (each.value for each in statement.assignments if each.value)
    elif isinstance(statement, Test):
        yield from statement.words
    elif isinstance(statement, Case):
        yield statement.subject
    elif isinstance(statement, For):
        yield from statement.items


def _blocks(statement: Statement) -> Iterator[tuple[Statement, ...]]:
    """The statements that stand in one, by their blocks."""
    if isinstance(statement, Chain):
        yield from (statement.left, statement.right)
    elif isinstance(statement, If):
        for branch in statement.branches:
            yield from (branch.test, branch.body)
        yield statement.otherwise
    elif isinstance(statement, Case):
        yield from (arm.body for arm in statement.arms)
    elif isinstance(statement, While):
        yield from (statement.test, statement.body)
    elif isinstance(statement, (For, Group, Redirected, Function)):
        yield statement.body
    elif isinstance(statement, Test):
        yield statement.inner

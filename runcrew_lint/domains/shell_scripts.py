"""Shell scripts of the repository that another file runs, drawn into the fact of that file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import join, normpath

from runcrew_lint.documents import shell
from runcrew_lint.documents.shell_tree import (
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Redirected,
    Simple,
    Statement,
    While,
)
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.mentions import Mentions, mentions
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

MAX_SCRIPTS = 50  # of one file
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "source", ".", "exec"))


class ShellScript(NamedTuple):
    """A script that may come to a delivery; the spans are those of its own file.

    `program` is what its first line says that runs it, such as `/bin/bash -e`.
    """

    path: str
    mentions: Mentions
    statements: tuple[Statement, ...]
    program: str = ""


def drawn_in(
    blocks: Iterable[tuple[Statement, ...]], directories: Iterable[str], reading: Reading
) -> tuple[ShellScript, ...]:
    """The scripts that these statements run, and those that they run in turn, each once.

    A script that mentions nothing which may deliver is left out.

    Arguments:
        blocks: the statements of the file's own scripts.
        directories: where they may be run, from the root: a script's path starts there.
    """
    places = tuple(dict.fromkeys(("", *directories)))
    found: dict[str, ShellScript | None] = {}
    waiting = [name for block in blocks for name in _named(block)]
    while waiting and len(found) < MAX_SCRIPTS:
        name = waiting.pop(0)
        for path in dict.fromkeys(normpath(join(place, name)) for place in places):
            if path in found or path.startswith(("..", "/")):
                continue
            found[path] = script = _read(path, reading)
            if script:
                waiting += _named(script.statements)
    return tuple(each for each in found.values() if each)


def script_name(words: Iterable[str | None]) -> str | None:
    """The script that a command's literal words run: `bash -eo pipefail deploy.sh`, `./deploy.sh`.

    With `-n` a shell reads a script and runs nothing of it ("set", POSIX).
    """
    named = ""  # an option's value comes next
    for word in words:
        if word is None:
            return None
        flags = word[1:] if word[:1] in "-+" and word[1:2] != "-" else ""
        if "n" in flags:
            return None
        if word.endswith((".sh", ".bash")):
            return word
        if not named and not flags and word not in _SHELLS and not word.startswith("--"):
            return None
        named = word if "o" in flags else ""
    return None


def statements_in(block: Iterable[Statement]) -> Iterator[Statement]:
    """Every statement, each before those that stand in it."""
    for each in block:
        yield each
        if isinstance(each, Chain):
            yield from statements_in((*each.left, *each.right))
        elif isinstance(each, If):
            for branch in each.branches:
                yield from statements_in((*branch.test, *branch.body))
            yield from statements_in(each.otherwise)
        elif isinstance(each, Case):
            for arm in each.arms:
                yield from statements_in(arm.body)
        elif isinstance(each, While):
            yield from statements_in((*each.test, *each.body))
        elif isinstance(each, (For, Group, Redirected, Function)):
            yield from statements_in(each.body)


def simple_commands(block: Iterable[Statement]) -> Iterator[Simple]:
    """Every simple command in statements, however deep."""
    return (each for each in statements_in(block) if isinstance(each, Simple))


def _named(block: tuple[Statement, ...]) -> list[str]:
    names = (script_name(word.literal for word in each.words) for each in simple_commands(block))
    return [name for name in names if name]


def _read(path: str, reading: Reading) -> ShellScript | None:
    source = reading.consult(path)
    return source.derive(_script) if source else None


def _script(source: Source) -> ShellScript | None:
    said = mentions(source.text)
    if not said.leads_on:
        return None
    whole = Spliced.join(source.text, (Span(0, len(source.text)),))
    program = source.line(1).removeprefix("#!").strip() if source.text.startswith("#!") else ""
    return ShellScript(source.path, said, shell.parse(whole), program)

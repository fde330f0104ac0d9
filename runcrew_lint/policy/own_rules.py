"""Reads a team's own rules: a folder that the policy names, a file a rule, each checked before it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from runcrew_lint.documents.linear import matcher
from runcrew_lint.documents.schema import problems
from runcrew_lint.documents.tree import at, plain
from runcrew_lint.documents.yaml import parse
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.files import Reads
from runcrew_lint.policy.model import OwnRule
from runcrew_lint.text import Source, Span

_NAME = lazily(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_SUFFIXES = (".yaml", ".yml")
_WORDS = ("must", "must_not")


def own_rules(folder: Path, reads: Reads, shown: Callable[[Path], str]) -> Iterator[OwnRule]:
    """The rules of a folder, by name.

    Arguments:
        shown: a file's name in a message.
    Errors:
        SetupError at the line and column of the first mistake, with the nearest key.
    """
    for file in sorted(reads.below(folder)):
        if file.suffix in _SUFFIXES:
            yield OwnRule(_name(file, shown(file)), shown(file), _words(file, reads, shown(file)))


def _name(file: Path, where: str) -> str:
    if not _NAME.fullmatch(file.stem):
        help = "name the file in words joined by dashes, such as no-latest.yaml"
        raise SetupError(f"{file.stem} is no name of a rule", where=where, help=help)
    return file.stem


def _words(file: Path, reads: Reads, where: str) -> dict[str, Any]:
    try:
        source = Source(where, (reads(file) or b"").decode("utf-8-sig"))
        node = parse(source)
    except Unreadable as error:
        raise _mistake(source, error.span, error.message) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"the rule can't be read: {error}", where=where) from None
    for problem in sorted(problems("own-rule", node), key=lambda each: not each.key):  # misspelt keys first
        raise _mistake(source, problem.span, problem.message)
    words: dict[str, Any] = plain(node)
    for path, said in _objections(words):
        raise _mistake(source, (at(node, *path) or node).span, said)
    return words


def _objections(words: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the schema can't say: where, and what is wrong."""
    for word in _WORDS:
        condition = words.get(word, {})
        if "match" in condition:
            try:
                matcher(condition["match"])
            except ValueError as error:
                yield (word, "match"), f"the pattern is refused: {error}"
        if "select" not in words and {"exist", "be"}.intersection(condition):
            yield (word,), "without `select` the text itself is judged, by `contain` or `match`"
    if "select" not in words and "where" in words:
        yield ("where",), "`where` asks a document, and without `select` the text itself is judged"


def _mistake(source: Source, span: Span, said: str) -> SetupError:
    line, column = source.position(span.start)
    return SetupError(said, where=f"{source.path}:{line}:{column}")

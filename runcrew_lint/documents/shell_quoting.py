"""How the shell reads the places of a script that another language fills in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from runcrew_lint.documents.grammar import Tangled
from runcrew_lint.documents.shell import MAX_LENGTH, tree_of
from runcrew_lint.documents.shell_words import Words
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.text import Span

# What reads its argument as a script once more: a value in it is code again, however it is quoted.
_AGAIN = frozenset(("ash", "bash", "dash", "eval", "sh", "ssh", "su", "xargs", "zsh", "trap"))
_STRINGS = {"string": "double quotes", "raw_string": "single quotes", "command_substitution": "bare"}
_OPAQUE = frozenset(
    ("ERROR", "comment", "ansi_c_string", "arithmetic_expansion", "expansion", "regex", "command_name")
)


def quoting(script: Spliced, holes: Sequence[Span]) -> list[str]:
    """For each hole `bare`, `double quotes`, `single quotes`, `here-document` or `other`.

    `other` is where a variable could not stand for it: the grammar lost its way, the place is a comment,
    the command itself, or a script for another shell.

    Arguments:
        holes: in order, none in another.
    """
    said = ["other"] * len(holes)
    if len(script.text) > MAX_LENGTH:
        return said
    words = Words(script, tuple(holes))
    starts = [each.start for each in holes]
    with suppress(Tangled):
        waiting = [(tree_of(words.bytes), 0, len(holes), "bare")]
        while waiting:
            node, first, last, outside = waiting.pop()
            inside = _quoting(node, words) or outside
            if inside == "other":
                continue
            for child in node.children:
                begins = bisect_left(starts, child.start_byte, first, last)
                ends = bisect_left(starts, child.end_byte, begins, last)
                said[first:begins] = [inside] * (begins - first)
                if begins < ends:
                    waiting.append((child, begins, ends, inside))
                first = ends
            said[first:last] = [inside] * (last - first)
    return said


def _quoting(node: Any, words: Words) -> str:
    """What a node makes of the holes in it; empty where it leaves them as they are."""
    kind = node.type
    if kind in _OPAQUE or (kind == "command" and (node.has_error or _reads_again(node, words))):
        return "other"
    if kind == "heredoc_body":
        return "other" if _is_quoted(node, words) or _for_another(node, words) else "here-document"
    return _STRINGS.get(kind, "")


def _reads_again(command: Any, words: Words) -> bool:
    texts = [words.source(child).rpartition("/")[2] for child in command.named_children]
    return bool(_AGAIN.intersection(texts))


def _is_quoted(body: Any, words: Words) -> bool:
    begins = [each for each in body.parent.named_children if each.type == "heredoc_start"]
    return any(words.source(each)[:1] in ("'", '"', "\\") for each in begins)


def _for_another(body: Any, words: Words) -> bool:
    statement = body.parent.parent
    return statement is not None and any(
        child.type == "command" and _reads_again(child, words) for child in statement.named_children
    )

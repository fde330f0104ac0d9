"""How the shell reads the places of a script that another language fills in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runcrew_lint.documents.shell import MAX_LENGTH, tree_of
from runcrew_lint.documents.shell_words import Words
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.text import Span

# What reads its argument as a script once more: a value in it is code again, however it is quoted.
_AGAIN = frozenset(("ash", "bash", "dash", "eval", "sh", "ssh", "su", "xargs", "zsh", "trap"))
_STRINGS = {"string": "double quotes", "raw_string": "single quotes"}
_OPAQUE = frozenset(
    ("ERROR", "comment", "ansi_c_string", "arithmetic_expansion", "expansion", "regex", "command_name")
)


def quoting(script: Spliced, holes: Sequence[Span]) -> list[str]:
    """For each hole `bare`, `double quotes`, `single quotes`, `here-document` or `other`.

    `other` is where a variable could not stand for it: the grammar lost its way, the place is a comment,
    the command itself, or a script for another shell.
    """
    if len(script.text) > MAX_LENGTH:
        return ["other"] * len(holes)
    words = Words(script, tuple(holes))
    root = tree_of(words.bytes)
    starts = [len(words.text[: each.start].encode("utf-8", "replace")) for each in holes]
    return [_quoting(root, words, start) for start in starts]


def _quoting(root: Any, words: Words, start: int) -> str:
    node = root.descendant_for_byte_range(start, start + 1)
    said = ""
    while node is not None:
        kind = node.type
        if kind in _OPAQUE or (kind == "command" and (node.has_error or _reads_again(node, words))):
            return "other"
        if kind in _STRINGS:
            said = said or _STRINGS[kind]
        elif kind == "heredoc_body":
            if _is_quoted(node, words) or _for_another(node, words):
                return "other"
            said = said or "here-document"
        elif kind == "command_substitution":
            said = said or "bare"
        node = node.parent
    return said or "bare"


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

"""Scripts inside of a command: `bash -c '...'`, `ssh host '...'`, `ssh host <<EOF`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runcrew_lint.documents.shell_words import Words
from runcrew_lint.documents.spliced import Mark, Spliced
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

_SHELLS = ("sh", "bash", "dash", "zsh", "ash")
_CONTAINERS = ("docker", "podman", "docker-compose", "podman-compose", "kubectl")
_ESCAPE = lazily(r"\\(?=[$`\"\\])")
# Options of ssh(1) that take a value of their own.
_SSH_VALUED = frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOoPpQRSWw")
_STRINGS = ("raw_string", "string")
_SCRIPT = lazily(r"-\w*c\w*")
_LOGIN = "sh {0}"  # what sshd starts: a shell without options


class Handed(NamedTuple):
    """A script that a command hands to another shell, `shell`, which is written as in Group.

    `kind` is subshell, contained, for a shell in a container, or remote, for another machine.
    """

    kind: str
    script: Spliced
    holes: tuple[Span, ...]
    shell: str


class HandedOver(Words):
    """Finds the scripts that a command's words or its here-document hand over."""

    def handed(self, nodes: Sequence[Any]) -> Handed | None:
        """What the words of one command hand over."""
        texts = [self.source(node) for node in nodes]
        rest = self.behind_ssh(texts)
        if rest is not None and rest < len(nodes):
            inner = nodes[rest:]
            if len(inner) == 1 and inner[0].type in _STRINGS:
                return self.unquoted(inner[0], "remote", _LOGIN)
            start, end = self.range(inner[0])[0], self.range(inner[-1])[1]
            return self.cut(start, end, "remote", _LOGIN)
        for at, text in enumerate(texts):
            script = _behind_options(texts, at + 1) if text.rpartition("/")[2] in _SHELLS else None
            if script is not None and nodes[script].type in _STRINGS:
                kind = "contained" if _is_contained(texts[:at]) else "subshell"
                return self.unquoted(nodes[script], kind, _started(texts[at:script]))
        return None

    def behind_ssh(self, texts: Sequence[str]) -> int | None:
        """Where the words behind ssh's destination begin; None where it is no ssh."""
        first = next((at for at, text in enumerate(texts[:5]) if text.rpartition("/")[2] == "ssh"), None)
        if first is None or (first and texts[0] not in ("sudo", "sshpass", "timeout", "exec", "env")):
            return None
        at = first + 1
        while at < len(texts) and texts[at].startswith("-"):
            at += 2 if texts[at] in _SSH_VALUED else 1
        return at + 1

    def document(self, texts: Sequence[str], body: Any) -> Handed | None:
        """What a here-document hands to `ssh host`, `ssh host bash -s`, or a shell: in a container, too."""
        rest = self.behind_ssh(texts)
        remote = rest is not None
        words = list(texts[rest:] if rest is not None else texts)
        if remote and len(words) == 1:
            words = words[0].strip("'\"").split()
        if words and words[0] == "sudo":
            words = words[1:]
        contained = _is_contained(words)
        if words and words[0].rpartition("/")[2] in _CONTAINERS:
            options = [each for each in reversed(words) if each[:1] != "-"]
            words = options[:1] if len(options) > 2 else []
        reads = (not words and remote) or (
            bool(words)
            and words[0].rpartition("/")[2] in _SHELLS
            and all(each[:1] == "-" for each in words[1:])
        )
        if not reads:
            return None
        shell = _started(words) if words else _LOGIN
        kind = "remote" if remote else "contained" if contained else "subshell"
        return self.cut(*self.range(body), kind, shell)

    def unquoted(self, node: Any, kind: str, shell: str) -> Handed:
        """A quoted word's script, without its quotes and what they escape."""
        start, end = self.range(node)
        start = self.text.index("'" if node.type == "raw_string" else '"', start) + 1
        return self.cut(start, end - 1, kind, shell, escapes=node.type == "string")

    def cut(self, start: int, end: int, kind: str, shell: str, escapes: bool = False) -> Handed:
        dropped = [each.start() for each in _ESCAPE.finditer(self.text[start:end])] if escapes else []
        # `\\$` holds two matches of which the second is the escaped one's own.
        dropped = [at for index, at in enumerate(dropped) if not (index and dropped[index - 1] == at - 1)]
        parts: list[str] = []
        marks: list[Mark] = []
        length, here = 0, 0
        for at in (*dropped, end - start):
            piece = self.script.cut(start + here, start + at)
            if piece.text or not marks:
                marks += [Mark(length + mark.at, mark.offset) for mark in piece.marks]
            parts.append(piece.text)
            length += len(piece.text)
            here = at + 1
        holes = []
        for hole in self.holes:
            if start <= hole.start and hole.end <= end:
                shift = start + sum(1 for at in dropped if start + at < hole.start)
                holes.append(Span(hole.start - shift, hole.end - shift))
        return Handed(kind, Spliced("".join(parts), tuple(marks)), tuple(holes), shell)


def _is_contained(words: Sequence[str]) -> bool:
    """Whether the words before a shell have it run in a container."""
    return any(each.rpartition("/")[2] in _CONTAINERS for each in words)


def _behind_options(texts: Sequence[str], at: int) -> int | None:
    """Where a shell's script stands, behind `-c` and the options around it; None where none is given."""
    is_given = False
    while at < len(texts) and (texts[at][:1] in "-+" or texts[at - 1][-1:] == "o"):
        is_given = is_given or _SCRIPT.fullmatch(texts[at]) is not None
        at += 1
    return at if is_given and at < len(texts) else None


def _started(words: Sequence[str]) -> str:
    return " ".join([*words, "{0}"])

"""Secrets of a workflow where others may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runcrew_lint.documents import shell
from runcrew_lint.documents.scalars import later, spliced
from runcrew_lint.documents.shell_tree import (
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    PartKind,
    Redirected,
    Simple,
    Statement,
    While,
    Word,
)
from runcrew_lint.documents.tree import Node, Scalar, at, walk
from runcrew_lint.domains.workflows.expression_facts import Exposure, Script
from runcrew_lint.domains.workflows.expression_names import flowing, parts, paths
from runcrew_lint.domains.workflows.expressions import Call, ExpressionError, parse, pieces
from runcrew_lint.domains.workflows.nodes import entries, pairs
from runcrew_lint.domains.workflows.scripts import stepped
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_MENTIONS = lazily(r"\bsecrets\b", re.IGNORECASE)
_PRINTS = lazily(r"\b(?:echo|printf)\b[^\n]*(?:\\\n[^\n]*)*")
_TRACES = lazily(r"\bset\s+-\w*x")
# What gives a text back in a form that GitHub's mask does not know.
_TURNERS = frozenset(("base64", "fold", "hexdump", "od", "rev", "sed", "tr", "xxd"))
_TURNED = "turned"
_FILES = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary", _TURNED: _TURNED}
# `${NAME:0:4}`, `${NAME^^}`, `${NAME/a/b}`, `${NAME@Q}`; not `${NAME:+set}`.
_CHANGED = lazily(r"\$\{(\w+)(?::\s*-?\d|[\^,/@])")
_OWN = frozenset(("github_token",))
# A field of a secret that is JSON: the mask knows the whole and its lines.
_FIELD = lazily(r"(?i)\bfromjson\s*\(\s*secrets\b")


class Held(NamedTuple):
    """A secret that a variable has, and whether as it was saved."""

    secret: str
    is_whole: bool


def exposures(source: Source, root: Node, scripts: Iterable[Script]) -> Iterator[Exposure]:
    """What shows a secret, or hands it to more than needs it."""
    if not _MENTIONS.search(source.text):
        return
    yield from _whole(source, root)
    yield from _of_workflow(source, root)
    for job in entries(at(root, "jobs")):
        for pair in pairs(at(job.value, "outputs")):
            for name in secrets_in(pair.value):
                yield Exposure("job output", name, pair.span)
    for around, step in stepped(root, is_action=at(root, "jobs") is None):
        entry = step.entry("run")
        if entry and isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
            env = (*pairs(at(step, "env")), *around.env)
            held = {
                pair.name: Held(name, _FIELD.search(pair.value) is None)
                for pair in env
                for name in secrets_in(pair.value)
            }
            if around.language != "powershell" and _may_show(entry.value.value, held):
                yield from _shown(source, entry.value, held)
    yield from _written(scripts)


def secrets_in(text: str) -> tuple[str, ...]:
    """The secrets that a text with expressions hands on, by name, in lower case."""
    if "secrets" not in text.lower():
        return ()
    found: list[str] = []
    for piece in pieces(text):
        if piece.is_expression:
            found += _named(piece.text)
    return tuple(found)


def _named(text: str) -> Iterator[str]:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    for context, names in flowing(tree):
        if context.name == "secrets" and names:
            yield names[0]


def _whole(source: Source, root: Node) -> Iterator[Exposure]:
    """`toJSON(secrets)`: all of them at once."""
    for node in walk(root):
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or "${{" not in node.value:
            continue
        places = later(source.text, node)
        for piece in pieces(node.value):
            if not piece.is_expression or "secrets" not in piece.text.lower():
                continue
            try:
                found = list(parts(parse(piece.text)))
            except ExpressionError:
                continue
            for part in found:
                if isinstance(part, Call) and part.name == "tojson":
                    told = [context.name for context, names in paths(part) if names in ((), ("*",))]
                    if "secrets" in told:
                        yield Exposure("all", "", places().span(piece.start, piece.end))


def _of_workflow(source: Source, root: Node) -> Iterator[Exposure]:
    """A secret in the workflow's `env` that some job has no use for.

    It names neither the variable nor a program that reads it unasked, as `vercel` does VERCEL_TOKEN.
    """
    jobs = [each.value for each in entries(at(root, "jobs")) if at(each.value, "uses") is None]
    for pair in pairs(at(root, "env")):
        for secret in secrets_in(pair.value):
            if secret in _OWN:
                continue
            name, program = map(re.escape, (pair.name, pair.name.partition("_")[0]))
            used = re.compile(rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])|(?i:\b{program}(?![a-z0-9]))")
            idle = [job for job in jobs if not used.search(source.text, job.span.start, job.span.end)]
            if idle and len(idle) < len(jobs):
                yield Exposure("workflow env", f"{secret} {len(idle)} {len(jobs)}", pair.name_span)


def _written(scripts: Iterable[Script]) -> Iterator[Exposure]:
    for script in scripts:
        if script.language in ("shell", "powershell", "") and not script.remote:
            for hole in script.holes:
                for name in hole.names:
                    head, _, rest = name.partition(".")
                    if head == "secrets" and rest and rest not in _OWN:
                        yield Exposure("script", rest, hole.span)


def _may_show(body: str, held: dict[str, Held]) -> bool:
    """Whether a line prints something that has to do with a secret, or commands are printed."""
    lines = [each.group() for each in _PRINTS.finditer(body)]
    if any(_MENTIONS.search(line) or any(name in line for name in held) for line in lines):
        return True
    return bool(held) and _TRACES.search(body) is not None


def _shown(source: Source, scalar: Scalar, held: dict[str, Held]) -> Iterator[Exposure]:
    body = str(scalar.value)
    holes = [Span(each.start, each.end) for each in pieces(body) if each.is_expression]
    statements = shell.parse(spliced(source.text, scalar), holes)
    yield from _in_block(statements, held, None)


def _in_block(block: Iterable[Statement], held: dict[str, Held], goes_to: str | None) -> Iterator[Exposure]:
    """`goes_to` is None for the log, _TURNED for it in another form, else what takes the output."""
    for each in block:
        if isinstance(each, Simple):
            yield from _simple(each, held, goes_to)
        elif isinstance(each, Redirected):
            target = next(iter(each.targets), None)
            yield from _in_block(each.body, held, _target(target) if target else goes_to)
        elif isinstance(each, Group) and each.kind == "pipeline" and each.body:
            last = each.body[-1]
            name = last.words[0].literal if isinstance(last, Simple) and last.words else ""
            kept = isinstance(last, Simple) and any(
                (word.literal or "").startswith(("-o", "--output")) for word in last.words
            )
            turned = goes_to is None and name in _TURNERS and not kept
            yield from _in_block(each.body[:-1], held, _TURNED if turned else f"the command {name}")
            yield from _in_block(each.body[-1:], held, goes_to)
        elif isinstance(each, Group):
            inner = "a variable" if each.kind == "substitution" else goes_to
            if each.kind not in ("remote", "remote script"):
                yield from _in_block(each.body, held, inner)
        elif isinstance(each, Chain):
            yield from _in_block((*each.left, *each.right), held, goes_to)
        elif isinstance(each, If):
            for branch in each.branches:
                yield from _in_block((*branch.test, *branch.body), held, goes_to)
            yield from _in_block(each.otherwise, held, goes_to)
        elif isinstance(each, Case):
            for arm in each.arms:
                yield from _in_block(arm.body, held, goes_to)
        elif isinstance(each, While):
            yield from _in_block((*each.test, *each.body), held, goes_to)
        elif isinstance(each, (For, Function)):
            yield from _in_block(each.body, held, goes_to)


def _target(word: Word) -> str:
    names = [part.text for part in word.parts if part.kind is PartKind.VARIABLE]
    return names[0] if len(names) == 1 and len(word.parts) == 1 else "a file"


def _simple(each: Simple, held: dict[str, Held], goes_to: str | None) -> Iterator[Exposure]:
    name = each.words[0].literal if each.words else None
    if name == "set" and any((word.literal or "").startswith("-") and "x" in (word.literal or "")
                             for word in each.words[1:]):  # fmt: skip
        names = list(dict.fromkeys(it.secret for it in held.values()))
        if not _OWN.issuperset(names):
            yield Exposure("trace", ", ".join(names), each.span)
        return
    if name not in ("echo", "printf") or (goes_to is not None and goes_to not in _FILES):
        return
    if any("::add-mask::" in part.text for word in each.words for part in word.parts):
        return
    for word in each.words[1:]:
        for secret, is_whole in _in_word(word, held):
            kind = _FILES.get(goes_to or "", "log")
            yield Exposure(kind if is_whole or kind == "output" else _TURNED, secret, word.span)


def _in_word(word: Word, held: dict[str, Held]) -> Iterator[tuple[str, bool]]:
    """The secrets in a word, each with whether it is there as it was saved."""
    for part in word.parts:
        if part.kind is PartKind.VARIABLE and part.text in held:
            yield held[part.text].secret, held[part.text].is_whole and not part.trim
        elif part.kind is PartKind.OPAQUE and (found := _CHANGED.match(part.text)) and found[1] in held:
            yield held[found[1]].secret, False
        elif part.kind is PartKind.HOLE:
            for secret in secrets_in(part.text if "${{" in part.text else f"${{{{ {part.text} }}}}"):
                yield secret, _FIELD.search(part.text) is None

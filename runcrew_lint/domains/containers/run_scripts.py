"""The RUN instructions of a Dockerfile, read by the shell's grammar.

Source: docs.docker.com/reference/dockerfile, "RUN", "SHELL" and "Here-documents".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field

from runcrew_lint.documents import shell
from runcrew_lint.documents.shell_tree import (
    Broken,
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
from runcrew_lint.documents.spliced import Mark, Spliced
from runcrew_lint.domains.containers import image
from runcrew_lint.domains.containers.facts import Image, Instruction, Stage
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand, Token
from runcrew_lint.domains.fact import Reading
from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

DEFAULT_SHELL = ("/bin/sh", "-c")
_SHELLS = ("sh", "bash", "dash", "ash", "zsh")
_HEREDOC_ALONE = lazily(
    r"\s*(?:(?:/bin/|/usr/bin/)?(?:ba|da|a)?sh\s+(?:-\w+\s+)*)?<<-?\s*(?:\"\w+\"|'\w+'|\w+)\s*\Z"
)
_SHEBANG = lazily(r"#![ \t]*(?:\S*/)?(?:env\s+)?(\w+)")
# Programs that run another, with those of their options that take a value of their own.
_LAUNCHERS = {
    "sudo": ("-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"),
    "env": ("-u", "-C", "-S", "--unset", "--chdir"),
    "exec": ("-a",),
    "time": (),
    "command": (),
    "nice": ("-n",),
    "ionice": ("-c", "-n"),
    "eatmydata": (),
    "fakeroot": (),
    "timeout": ("-s", "-k"),
}
_ASSIGNED = lazily(r"[A-Za-z_]\w*=")


def read(source: Source, reading: Reading) -> ImageScripts:
    """The scripts of every stage; what an ONBUILD keeps for later is not among them.

    Errors:
        Unreadable where the builder would refuse the file.
    """
    built = image.read(source, reading)
    return ImageScripts(source.path, built, tuple(_scripts(source, built)))


def _scripts(source: Source, built: Image) -> Iterator[RunScript]:
    ends: list[tuple[str, ...]] = []
    for stage in built.stages:
        current = ends[stage.base.stage] if stage.base.stage is not None else _first_shell(stage)
        for number, each in enumerate(stage.instructions):
            if each.keyword == "SHELL" and not each.onbuild:
                current = tuple(value.written for value in each.values)
            elif each.keyword == "RUN" and not each.onbuild:
                yield _script(source, stage, number, each, current)
        ends.append(current)


def _first_shell(stage: Stage) -> tuple[str, ...]:
    windows = re.search(r"windows|nanoserver|servercore", stage.base.reference.written, re.IGNORECASE)
    return ("cmd", "/S", "/C") if windows else DEFAULT_SHELL


def _script(
    source: Source, stage: Stage, number: int, run: Instruction, current: tuple[str, ...]
) -> RunScript:
    def made(
        commands: Iterable[ShellCommand], *, whole: bool, chained: bool = False, end: int = -1, text: str = ""
    ) -> RunScript:
        return RunScript(stage.index, number, run.span, current, tuple(commands), whole, chained, end, text)

    if run.is_array:
        words = tuple(Token(value.written, True, value.span) for value in run.values)
        if len(words) > 2 and _name(words[0].text) in _SHELLS and words[1].text.endswith("c"):
            walk = _Walk(words[2].span)
            text = Spliced(words[2].text, (Mark(0, words[2].span.start),))
            walk.block(shell.parse(text), _Where())
            return made(walk.found, whole=not walk.broken, text=words[2].text)
        return made(
            [_command(words, _Where())] if words else [], whole=True, text=" ".join(w.text for w in words)
        )
    script = _text_of(source, run)
    if script is None or not current or _name(current[0]) not in _SHELLS:
        return made((), whole=False)
    statements = shell.parse(script)
    walk = _Walk(None)
    walk.block(statements, _Where())
    chained = not run.documents and all(_is_chain(each) for each in statements) and len(statements) == 1
    end = script.offset(len(script.text) - 1) + 1 if script.text and not run.documents else -1
    return made(
        walk.found, whole=not walk.broken, chained=chained and not walk.broken, end=end, text=script.text
    )


def _text_of(source: Source, run: Instruction) -> Spliced | None:
    """The script, or None where another program than a shell reads it."""
    if not run.values:
        return None
    value = run.values[0]
    marks = tuple(Mark(each.at, each.offset) for each in value.splices) or (Mark(0, value.span.start),)
    if len(run.documents) == 1 and _HEREDOC_ALONE.fullmatch(value.written):
        document = run.documents[0]
        found = _SHEBANG.match(document.content)
        if found and found[1] not in _SHELLS:
            return None
        pieces, start = [], document.span.start
        for line in source.text[slice(*document.span)].splitlines(keepends=True):
            cut = (
                len(line) - len(line.lstrip("\t"))
                if len(document.content) < len(source.text[slice(*document.span)])
                else 0
            )
            pieces.append(Span(start + cut, start + len(line)))
            start += len(line)
        return Spliced.join(source.text, pieces)
    written = value.written
    for document in run.documents:
        # The grammar asks for a body behind the mark, and the body is in the next lines of the file.
        mark = rf"\d*<<-?\s*([\"']?){re.escape(document.name)}\1"
        written = re.sub(mark, lambda found: " " * len(found[0]), written, count=1)
    return Spliced(written, marks)


def _is_chain(statement: Statement) -> bool:
    if isinstance(statement, Chain):
        sides = (*statement.left, *statement.right)
        return statement.operator == "&&" and all(_is_chain(each) for each in sides)
    if isinstance(statement, Redirected) or (isinstance(statement, Group) and statement.kind == "pipeline"):
        return all(_is_chain(each) for each in statement.body)
    return isinstance(statement, Simple)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


@frozen
class _Where:
    """What a statement stands in."""

    pipe: int = 0
    last: bool = False
    guarded: bool = False
    deep: int = 0


@mutable
class _Walk:
    """Collects the simple commands of a script; `at` is the place of all of them where none has its own."""

    at: Span | None
    found: list[ShellCommand] = field(default_factory=list)
    broken: bool = False
    pipes: int = 0

    def block(self, statements: Iterable[Statement], where: _Where) -> None:
        for each in statements:
            self.statement(each, where)

    def statement(self, each: Statement, where: _Where) -> None:
        deeper = _Where(where.pipe, where.last, where.guarded, where.deep + 1)
        watched = _Where(where.pipe, where.last, True, where.deep)
        if isinstance(each, Simple):
            words = tuple(self.token(word) for word in each.words)
            if words:
                self.found.append(_command(words, where))
        elif isinstance(each, Chain):
            self.block(each.left, watched if each.operator == "||" else where)
            self.block(each.right, where)
        elif isinstance(each, Group):
            self.group(each, where)
        elif isinstance(each, Redirected):
            self.block(each.body, where)
        elif isinstance(each, If):
            for branch in each.branches:
                self.block(branch.test, _Where(where.pipe, where.last, True, where.deep + 1))
                self.block(branch.body, deeper)
            self.block(each.otherwise, deeper)
        elif isinstance(each, Case):
            for arm in each.arms:
                self.block(arm.body, deeper)
        elif isinstance(each, While):
            self.block(each.test, _Where(where.pipe, where.last, True, where.deep + 1))
            self.block(each.body, deeper)
        elif isinstance(each, (For, Function)):
            self.block(each.body, deeper)
        elif isinstance(each, Broken):
            self.broken = True

    def group(self, group: Group, where: _Where) -> None:
        if group.kind == "pipeline" and len(group.body) > 1:
            self.pipes += 1
            number = self.pipes
            for index, part in enumerate(group.body):
                last = index == len(group.body) - 1
                self.statement(part, _Where(number, last, where.guarded, where.deep))
        elif group.kind == "negated":
            self.block(group.body, _Where(where.pipe, where.last, True, where.deep))
        elif group.kind == "substitution":
            self.block(group.body, _Where(0, False, where.guarded, where.deep + 1))
        elif group.kind == "subshell":
            self.block(group.body, _Where(where.pipe, where.last, where.guarded, where.deep + 1))
        elif not group.kind.startswith("remote"):
            self.block(group.body, where)

    def token(self, word: Word) -> Token:
        text = "".join(part.text if part.kind is PartKind.TEXT else "$" for part in word.parts)
        return Token(text, word.literal is not None, self.at or word.span)


def _command(words: tuple[Token, ...], where: _Where) -> ShellCommand:
    return ShellCommand(words, _program_at(words), where.pipe, where.last, where.guarded, where.deep)


def _program_at(words: tuple[Token, ...]) -> int:
    """Where the program stands that the words come to, behind `sudo -E` and `env A=b`."""
    at = 0
    while at < len(words) - 1 and _name(words[at].text) in _LAUNCHERS:
        name = _name(words[at].text)
        valued = _LAUNCHERS[name]
        step = at + 1
        while step < len(words) and (words[step].text.startswith("-") or _ASSIGNED.match(words[step].text)):
            step += 2 if words[step].text in valued else 1
        if name == "timeout":
            step += 1
        if step >= len(words):
            break
        at = step
    return at

"""What a command that a workflow comes to does, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.state import Argument, Command
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

_GAP = ("…", "…")
_TEST = lazily(r"(?:\A|[-_:.])(?:tests?|e2e|specs?|unit)(?:\Z|[-_:.])", re.IGNORECASE)
_BACKUP = lazily(r"(?:\A|[-_:.])(?:backup|snapshot|dump)(?:\Z|[-_:.])", re.IGNORECASE)
_LINT = lazily(r"(?:\A|[-_:.])(?:lint|typecheck|type-check|check-types)(?:\Z|[-_:.])", re.IGNORECASE)


@frozen
class Hit:
    """What a command does, at the place where it is written itself; `strange` is one that is not known."""

    calls: tuple[Call, ...]
    place: Place
    directory: Value
    sure: bool
    line: str
    forgiven: bool = False
    strange: str = ""


def hit(command: Command, calls: tuple[Call, ...]) -> Hit:
    """What a command that is known does; on another host, where one is named, it does it there."""
    if command.host is not None:
        calls = tuple(
            each._replace(target=command.host) if each.target == known("") else each for each in calls
        )
    return Hit(
        calls, command.place, command.directory, command.sure, line_of(command.words), command.forgiven
    )


def strange(command: Command, what: str = "") -> Hit:
    """Something that is not known; by default the command itself."""
    said = line_of(command.words)
    return Hit((), command.place, command.directory, command.sure, said, strange=what or f"`{said[:60]}`")


def lost(command: Command, reason: str) -> Hit:
    """A build of nobody knows what."""
    build = Call(Action.BUILD, unknown(reason), command.place, (), "eas")
    return Hit((build,), command.place, command.directory, False, line_of(command.words))


def named(command: Command, name: str) -> Iterator[Hit]:
    """What a script's name alone says: `npm test` tests, by whatever it does so."""
    for pattern, action in ((_TEST, Action.TEST), (_LINT, Action.LINT), (_BACKUP, Action.BACKUP)):
        if pattern.search(name):
            yield hit(command, (call(action, name, command.words),))


def line_of(words: tuple[Argument, ...]) -> str:
    """The command as far as it is known."""
    said = ["…" if each.text is None else each.text for each in words]
    return " ".join(each for each, before in zip(said, ["", *said], strict=False) if (each, before) != _GAP)

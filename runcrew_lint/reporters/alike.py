"""Findings that a person reads as one: of one rule in one file, and others that hurt in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.model.finding import Finding
from runcrew_lint.tuples import NamedTuple


class Alike(NamedTuple):
    """Findings of one rule and weight.

    Arguments:
        first: the first of them.
        beside: the others in its file.
        elsewhere: those in other files, each of which hurts as one of the former does, in the same words.
    """

    first: Finding
    beside: tuple[Finding, ...]
    elsewhere: tuple[Finding, ...]


def alike(findings: Iterable[Finding]) -> Iterator[Alike]:
    """The findings in groups, in the order of the first of each."""
    by_file: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        by_file.setdefault((each.rule, each.severity, each.path), []).append(each)
    groups: list[tuple[list[Finding], list[Finding]]] = []
    saying: dict[tuple[object, ...], dict[int, None]] = {}  # the groups whose first files hurt so
    for (rule, severity, _), here in by_file.items():
        words = {(rule, severity, _hurt(each.message)) for each in here}
        rarest = min((saying.get(word, {}) for word in words), key=len)
        same = next((at for at in rarest if all(at in saying[word] for word in words)), None)
        if same is not None:
            groups[same][1].extend(here)
            continue
        for word in words:
            saying.setdefault(word, {})[len(groups)] = None
        groups.append((here, []))
    for here, more in groups:
        yield Alike(here[0], tuple(here[1:]), tuple(more))


def own_words(message: str, other: str) -> str:
    """What a message says that another does not: without the clauses that both end with; "" for the same."""
    if message == other:
        return ""
    own, rest = _parted(message)
    while own and other.endswith(rest) and own.count("(") == own.count(")"):
        message, other = own, other.removesuffix(rest)
        own, rest = _parted(message)
    return message


def _hurt(message: str) -> str:
    """The last clause of a message, behind the names of what it is about."""
    return _parted(message)[1]


def _parted(message: str) -> tuple[str, str]:
    """What stands before the last clause, and that clause with the mark before it."""
    at = max(message.rfind(", "), message.rfind(": "), 0)
    return message[:at], message[at:]

"""An eas command that has a question, in CI, where nobody is there to answer."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import way
from runcrew_lint.domains.delivery.calls import EAS, Action, Call
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

IMPLIED = "18.4"  # the eas-cli from which CI, or no terminal, means --non-interactive; of March 2026
_SILENT = ("--non-interactive", "--json")
_MESSAGE = "a message (`--message`)"
# What `eas submit` sends.
_ARCHIVE = ("--latest", "--id", "--path", "--url")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command: what it is surely asked for, or else the flag that keeps it from asking.

    What each command can't do without is read in eas-cli 22.2: without a terminal a question ends it, in any
    version, and `eas update` says so before it begins.
    """
    seen: set[object] = set()
    for edge in repository.derive(delivery_map_of).edges:
        where, did = (edge.call, edge.script, edge.step), edge.did
        if edge.action not in EAS or did.verb is None or did.hides or where in seen:
            continue
        lacks = _lacks(edge.action, did)
        if lacks:
            seen.add(where)
            yield _stops(edge, lacks)
        elif not _may_have(did, *_SILENT) and edge.action is not Action.UPDATE:
            seen.add(where)
            yield _may_ask(edge)


def _lacks(action: Action, did: Call) -> list[str]:
    """What the command asks for in any case."""
    found = []
    if action is Action.UPDATE:
        if _may_have(did, "--auto"):
            return []
        if not _may_have(did, "--branch", "--channel"):
            found.append("a branch or channel (`--branch`, `--channel`)")
        if not _may_have(did, "--message", "-m"):
            found.append(_MESSAGE)
        return found
    if not _may_have(did, "--platform", "-p"):
        found.append("a platform (`--platform`)")
    if action is Action.SUBMIT and not _may_have(did, *_ARCHIVE):
        found.append("a build to send (`--latest`, `--id`, `--path` or `--url`)")
    return found


def _may_have(did: Call, *names: str) -> bool:
    """Whether one of the flags is given, or one of several words that a place may hold."""
    words = (str(each) for option in did.options for each in option.value.options)
    return any(word.partition("=")[0] in names for word in words)


def _stops(edge: Edge, lacks: list[str]) -> Fault:
    what = f"eas {edge.action.value}"
    mend = None
    if lacks == [_MESSAGE]:
        mend = _added(edge, "--auto", "takes the message of the last commit")
    help_ = "`--auto` takes the message of the last commit, and the branch's name where none is given"
    return Fault(
        edge.at,
        f"`{what}` names no {' and no '.join(each.removeprefix('a ') for each in lacks)}, and in CI there is "
        "nobody to ask: it stops before it has done anything",
        tuple(way(edge)),
        help=help_ if edge.action is Action.UPDATE else "",
        severity=Severity.ERROR,
        mend=mend,
    )


def _may_ask(edge: Edge) -> Fault:
    return Fault(
        edge.at,
        f"`eas {edge.action.value}` runs here without `--non-interactive`: an eas-cli before {IMPLIED} then "
        "has questions, say for credentials, and each ends it",
        tuple(way(edge)),
        severity=Severity.INFO,
        mend=_added(edge, "--non-interactive", "adds `--non-interactive`"),
    )


def _added(edge: Edge, flag: str, title: str) -> MendRequest | None:
    """The flag behind the command's own word; nothing where a script holds it that people run, too."""
    if edge.did.verb is None or edge.script is not None:
        return None
    arguments = (
        ("title", title),
        ("text", f"{edge.action.value} {flag}"),
        ("was", edge.action.value),
        ("safety", "safe"),
    )
    return MendRequest("text.replace", edge.did.verb, arguments)

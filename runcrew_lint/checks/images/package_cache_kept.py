"""package-cache-kept: apk, dnf, yum or zypper leaves what it downloaded in the layer."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.images._installs import cached_at, in_shipped, subcommand
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

Edit = tuple[int, int, str, str]


class _Manager(NamedTuple):
    """How a package manager installs, where it keeps things, and what takes them away again."""

    installs: tuple[str, ...]
    folders: tuple[str, ...]
    cleans: tuple[str, ...]
    what: str


_RED_HAT = ("/var/cache/dnf/", "/var/cache/yum/", "/var/cache/libdnf5/")
_LISTS = "the lists of all its repositories"
_DNF = _Manager(
    (
        "install",
        "in",
        "update",
        "up",
        "upgrade",
        "upgrade-minimal",
        "up-min",
        "reinstall",
        "rei",
        "groupinstall",
    ),
    _RED_HAT,
    ("clean",),
    _LISTS,
)
_MANAGERS = {
    "apk": _Manager(("add", "upgrade"), ("/var/cache/apk/", "/etc/apk/cache/"), ("cache",), "its index"),
    "dnf": _DNF,
    "microdnf": _DNF,
    "yum": _DNF,
    "zypper": _Manager(("install", "in", "update", "up"), ("/var/cache/zypp/",), ("clean", "cc"), _LISTS),
}
_CLEANS = frozenset(word for each in _MANAGERS.values() for word in each.cleans)
_VALUED = ("--setopt", "--repo", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "-c", "-t",
           "--virtual", "-X", "--repository", "-p", "--root")  # fmt: skip
# Nothing is fetched, or it goes into another root.
_LEAVES_NOTHING = ("--no-cache", "--no-network", "--root", "--installroot")


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """One fault a RUN of a shipped stage, at its first install."""
    for run in in_shipped(fact):
        for at, command in enumerate(run.commands):
            manager = _MANAGERS.get(command.program)
            if manager and _installs(command, manager) and not _is_clean(fact, run, at, manager):
                yield _fault(fact, run, command, manager)
                break


def _installs(command: ShellCommand, manager: _Manager) -> bool:
    at = subcommand(command.arguments, _VALUED)
    return at >= 0 and command.arguments[at].text in manager.installs


def _is_clean(fact: ImageScripts, run: RunScript, at: int, manager: _Manager) -> bool:
    """Whether nothing stays of a command, or that can't be told; what is cleaned before it, it fills anew."""
    if not run.whole or cached_at(fact.instruction(run), *manager.folders, "/var/cache/"):
        return True
    if any(each in _LEAVES_NOTHING for each in run.commands[at].texts):
        return True
    for each in run.commands[at + 1 :]:
        if each.program in _MANAGERS and not _CLEANS.isdisjoint(each.texts):
            return True
        if each.program in ("rm", "find") and any("/var/cache" in text for text in each.texts):
            return True
    return False


def _fault(fact: ImageScripts, run: RunScript, command: ShellCommand, manager: _Manager) -> Fault:
    place, name = Place(fact.path, command.span), command.program
    is_apk = name == "apk"
    word = command.arguments[subcommand(command.arguments, _VALUED)]
    edits: tuple[Edit, ...] = ()
    if is_apk and word.whole:
        edits = ((word.span.end, word.span.end, "", " --no-cache"),)
    elif not is_apk and run.chained and run.end >= 0:
        edits = ((run.end, run.end, "", f" && {name} clean{'' if name == 'zypper' else ' all'}"),)
    told = (("title", "leaves nothing of it in the layer"), ("edits", edits), ("safety", "safe"))
    return Fault(
        place,
        f"{name} leaves {manager.what} in the layer, {'some' if is_apk else 'tens of'} megabytes that the "
        "image carries and nobody installs from again",
        severity=Severity.INFO if is_apk else None,
        mend=MendRequest("text.several", place, told) if edits else None,
    )

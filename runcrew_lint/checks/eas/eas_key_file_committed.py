"""A key that eas.json names is in git, or would be with the next `git add .`."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, join, normpath

from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.environment.facts import IgnoreFile
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_PATHS = ("serviceAccountKeyPath", "ascApiKeyPath")


class _Key(NamedTuple):
    """A file that must not be in git: its path, what it is, and where eas.json asks for it."""

    path: str
    what: str
    span: Span


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a file: what git tracks, and what it would take in."""
    for fact in repository.facts(EasConfig):
        keys = {each.path: each for each in _keys(fact)}
        ignored = repository.worktree.ignored(keys)
        for path, key in keys.items():
            is_tracked = path in repository.worktree.paths and repository.worktree.is_tracked(path)
            if is_tracked or path not in ignored:
                yield _fault(repository, fact, key, is_tracked=is_tracked)


def _keys(fact: EasConfig) -> Iterator[_Key]:
    folder = fact.path.rpartition("/")[0]
    for each in fact.written:
        value = each.value
        if each.path[0] == "submit" and each.path[-1] in _PATHS and isinstance(value, str):
            path = normpath(join(folder, value))
            if "$" not in value and not value.startswith(("/", "~", "../..")) and not path.startswith(".."):
                yield _Key(path, f"`{each.path[-1]}` of `{each.path[1]}`", each.span)
        elif each.path[0] == "build" and each.path[-1] == "credentialsSource" and value == "local":
            told = f"the credentials of `{each.path[1]}`"
            yield _Key(normpath(join(folder, "credentials.json")), told, each.span)


def _fault(repository: Repository, fact: EasConfig, key: _Key, *, is_tracked: bool) -> Fault:
    ignores = {each.path.rpartition("/")[0]: each for each in repository.facts(IgnoreFile)}
    folder = fact.path.rpartition("/")[0]
    near = ignores.get(folder) or ignores.get("")
    named = Place(fact.path, key.span)
    line = f"/{key.path[len(near.path.rpartition('/')[0]) :].lstrip('/')}" if near else ""
    line = basename(key.path) if near and near.path.rpartition("/")[0] == "" and folder else line
    mend = None
    if near:
        arguments = (("title", f"adds {line} to {near.path}"), ("line", line), ("safety", "safe"))
        mend = MendRequest("text.append_line", Place(near.path, Span(0, 0)), arguments)
    if is_tracked:
        return Fault(
            Place(key.path, Span(0, 0)),
            f"{key.path} is {key.what} and tracked by git: whoever can read the repository signs and "
            "publishes in the team's name",
            (Related(named, "named here"),),
            help=f"make a new key, `git rm --cached {key.path}` and ignore it; a line in .gitignore alone "
            "untracks nothing",
        )
    related = (Related(Place(near.path, Span(0, 0)), "its line belongs here"),) if near else ()
    return Fault(
        named,
        f"{key.path} is {key.what} and git does not ignore it: one `git add .` publishes what signs in the "
        "team's name",
        related,
        help=f"add `{line}` to {near.path}" if near else f"add {key.path} to a .gitignore",
        mend=mend,
    )

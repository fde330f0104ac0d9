"""env-file-not-ignored: git would take an env file in, or keeps the example of one out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from posixpath import normpath

from runcrew_lint.domains.environment.facts import EnvFile, EnvLoading, IgnoreFile, IgnorePattern
from runcrew_lint.domains.environment.files import (
    above,
    beside,
    folder_of,
    is_data,
    is_env_file,
    is_example,
    name_of,
)
from runcrew_lint.domains.secrets.names import names_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

# Files that mark the folder a program is run in, which is where it looks for `.env`.
_PROJECTS = ("package.json", "pyproject.toml", "requirements.txt", "manage.py", "alembic.ini")
# A file that tells the variables' names, such as .env.example, env.template or env_sample.txt.
_SHOWS_NAMES = lazily(
    r"env.*(?:example|sample|template|dist)|(?:example|sample|template).*env", re.IGNORECASE
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at the .gitignore that should say otherwise, one each way; without one, at what asks for it.

    A folder is judged only where env files live: it has an example, or an untracked env file, or a program
    in it reads one. A library that reads no environment is asked for nothing.
    """
    folders = dict(_folders(repository, policy))
    teams = policy.named and not policy.facts_only
    own = set() if teams else _of_their_own(repository, policy)
    names = _names(repository, policy)
    wanted = {
        beside(folder, name): folder
        for folder in folders
        for asked in names
        for name in [".env.local" if asked == ".env" and folder in own else asked]
        if not repository.worktree.is_tracked(beside(folder, name))
    }
    wanted |= {path: folder_of(path) for path in _loose(repository, policy)}
    let_in = sorted(wanted.keys() - repository.worktree.ignored(wanted))
    harmless = _harmless(repository, policy)
    for ignore, paths in _by_ignore_file(repository, let_in):
        plain = all(wanted[path] in harmless for path in paths)
        yield _let_in(ignore, paths, folders[wanted[paths[0]]], plain)
    examples = dict(_examples(repository, policy, folders))
    kept_out = sorted(repository.worktree.ignored(examples))
    for ignore, paths in _by_ignore_file(repository, kept_out):
        yield _kept_out(ignore, paths, examples[paths[0]])


def _folders(repository: Repository, policy: Policy) -> Iterator[tuple[str, Place]]:
    """The folders where env files live, the best evidence of each last."""
    yield from _read(repository)
    for path in _loose(repository, policy):
        yield folder_of(path), Place(path, Span(0, 0))
    for fact in repository.facts(EnvFile):
        if is_example(fact.path, policy.env_files) and not is_data(fact.path):
            yield folder_of(fact.path), Place(fact.path, Span(0, 0))


def _read(repository: Repository) -> Iterator[tuple[str, Place]]:
    """The folders in which a program reads one."""
    present = set(repository.worktree.paths)
    for loading in repository.facts(EnvLoading):
        if not is_data(loading.path) and not _is_aside(loading.path):
            folder = normpath(beside(_project(loading.path, present), folder_of(loading.file)))
            if not folder.startswith(".."):
                yield folder.removeprefix("."), Place(loading.path, loading.span)


def _of_their_own(repository: Repository, policy: Policy) -> set[str]:
    """The folders whose examples are all of `.env.local`: Vite and Next.js commit `.env` beside it."""
    shown: dict[str, bool] = {}
    for fact in repository.facts(EnvFile):
        if is_example(fact.path, policy.env_files):
            folder = folder_of(fact.path)
            shown[folder] = shown.get(folder, True) and name_of(fact.path).startswith(".env.local.")
    read = {folder for folder, _ in _read(repository)}
    return {folder for folder, local in shown.items() if local and folder not in read}


def _harmless(repository: Repository, policy: Policy) -> set[str]:
    """The folders whose env files and examples all name no secret."""
    named = names_of(policy.secrets).named
    told: dict[str, bool] = {}
    for fact in repository.facts(EnvFile):
        folder = folder_of(fact.path)
        secret = any(named(each.name) for each in fact.variables)
        told[folder] = told.get(folder, False) or secret or not fact.variables
    return {folder for folder, secret in told.items() if not secret}


def _names(repository: Repository, policy: Policy) -> list[str]:
    """The names that must be ignored.

    Under a policy that nobody chose, those of single environments (`.env.staging`) are asked of a
    repository that uses them itself: its ignore files or examples name one.
    """
    local = [name for name in policy.env_files.local if not is_example(name, policy.env_files)]
    if policy.named:
        return local
    special = [name for name in local if name != ".env"]
    ignored = {pattern.text for ignore in repository.facts(IgnoreFile) for pattern in ignore.patterns}
    shown = [
        name_of(fact.path) for fact in repository.facts(EnvFile) if is_example(fact.path, policy.env_files)
    ]
    uses = any(f"/{name}" in ignored or name in ignored for name in special) or any(
        each.startswith(f"{name}.") for each in shown for name in special
    )
    return local if uses else [name for name in local if name == ".env"]


def _loose(repository: Repository, policy: Policy) -> list[str]:
    """Env files that lie there, neither tracked nor ignored: the next `git add .` takes them in."""
    return [
        fact.path
        for fact in repository.facts(EnvFile)
        if is_env_file(fact.path)
        and not is_example(fact.path, policy.env_files)
        and not is_data(fact.path)
        and not repository.worktree.is_tracked(fact.path)
    ]


def _is_aside(path: str) -> bool:
    """Whether it is a test or a page of documentation, whose env files are nobody's environment."""
    return any(part in ("test", "tests", "docs", "doc", "examples", "e2e") for part in path.split("/"))


def _project(path: str, present: set[str]) -> str:
    """The folder that a program's relative paths start from: the nearest that holds a project."""
    near = folder_of(path)
    if path.endswith((".yml", ".yaml")):
        return near
    return next(
        (folder for folder in above(near) if any(beside(folder, each) in present for each in _PROJECTS)), ""
    )


def _examples(
    repository: Repository, policy: Policy, folders: dict[str, Place]
) -> Iterator[tuple[str, Place]]:
    """Under a policy of the team's own, the example that each folder without one should have.

    One that git tracks is in the repository whatever the ignore rules say, by any of the usual names.
    """
    there = {
        folder_of(path)
        for path in repository.worktree.paths
        if repository.worktree.is_tracked(path) and _SHOWS_NAMES.search(name_of(path))
    }
    name = next((each for each in policy.env_files.examples if "*" not in each), "")
    if policy.named and not policy.facts_only and name:
        for folder, evidence in folders.items():
            if folder not in there:
                yield beside(folder, name), evidence


def _by_ignore_file(
    repository: Repository, paths: Iterable[str]
) -> Iterator[tuple[IgnoreFile | None, list[str]]]:
    """The paths by the .gitignore that should speak of them: the nearest that speaks of env files at all."""
    files = {folder_of(fact.path): fact for fact in repository.facts(IgnoreFile)}
    groups: dict[str, tuple[IgnoreFile | None, list[str]]] = {}
    for path in paths:
        near = [files[folder] for folder in above(folder_of(path)) if folder in files]
        speaking = [each for each in near if _about_env(each)]
        chosen = next(iter(speaking or near), None)
        groups.setdefault(chosen.path if chosen else "", (chosen, []))[1].append(path)
    yield from groups.values()


def _about_env(ignore: IgnoreFile) -> list[IgnorePattern]:
    return [each for each in ignore.patterns if ".env" in each.text]


def _let_in(ignore: IgnoreFile | None, paths: list[str], evidence: Place, plain: bool) -> Fault:
    names = sorted({name_of(path) for path in paths})
    hurts = (
        "makes one machine's settings everybody's" if plain else "publishes the secrets of whoever works here"
    )
    said = f"git would take in {_listed(paths)}, so one `git add .` {hurts}"
    weight = Severity.WARNING if plain else None
    if ignore is None:
        return Fault(evidence, said, help=f"add a .gitignore with {_listed(names)}", severity=weight)
    at = next(reversed(_about_env(ignore) or ignore.patterns), None)
    return Fault(
        Place(ignore.path, at.span if at else Span(0, 0)),
        said,
        related=(Related(evidence, "env files live in this folder"),),
        help=f"add {_listed(names)} to {ignore.path}",
        mend=_lines(ignore, at, names, f"adds {_listed(names)}"),
        severity=weight,
    )


def _kept_out(ignore: IgnoreFile | None, paths: list[str], evidence: Place) -> Fault:
    said = f"git keeps {_listed(paths)} out, so nobody learns which variables the program needs"
    names = sorted({name_of(path) for path in paths})
    if ignore is None:
        return Fault(evidence, said)
    culprits = [
        each
        for each in ignore.patterns
        if not each.is_negated and any(fnmatchcase(name, each.text.strip("/")) for name in names)
    ]
    last = ignore.patterns[-1] if ignore.patterns else None
    lines = [f"!{name}" for name in names]
    return Fault(
        Place(ignore.path, culprits[-1].span if culprits else last.span if last else Span(0, 0)),
        said,
        related=(Related(evidence, "its place is this folder"),),
        help=f"add {_listed(lines)} to {ignore.path}",
        # Where no pattern names the file, a folder above it is shut out, and a line would change nothing.
        mend=_lines(ignore, culprits[-1], lines, f"adds {_listed(lines)}") if culprits else None,
    )


def _lines(ignore: IgnoreFile, at: IgnorePattern | None, lines: list[str], title: str) -> MendRequest:
    """The lines behind a pattern; in a file without one, at its end."""
    if at is None:
        arguments = (("title", title), ("line", "\n".join(lines)), ("safety", "safe"))
        return MendRequest("text.append_line", Place(ignore.path, Span(0, 0)), arguments)
    was = ("!" if at.is_negated else "") + at.text
    text = "\n".join([was, *lines])
    return MendRequest(
        "text.replace",
        Place(ignore.path, at.span),
        (("title", title), ("text", text), ("was", was), ("safety", "safe")),
    )


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) > 4:
        return f"{', '.join(shown[:3])} and {len(shown) - 3} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]

"""compose-invalid: what compose refuses: a shape that is not its own, a name that nothing declares."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches

from runcrew_lint.domains.containers.compose_file import ComposeFile, Named
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_FEW = 10  # names of a kind that are each told; the rest is one fault
_SHOWN = 20  # of that rest, places that are named
_MOST = 2_000  # names beyond which nobody looks for a near one
# Portainer writes it beside the file of a stack that it deploys.
_WRITTEN = ("stack.env",)
_SUFFIXES = (".example", ".sample", ".template", ".dist", ".tmpl", ".default")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at each wrong key or value, and at each name of something that no file declares.

    Which files a command names together is not known, so a name counts as declared wherever it is. A file
    that includes others is not asked for what it may get from them.
    """
    files = repository.facts(ComposeFile)
    known = {(each.kind, each.name) for file in files for each in file.declared}
    for file in files:
        for problem in file.problems:
            help_ = f"write `{problem.key}`" if problem.key else ""
            yield Fault(
                Place(file.path, problem.span), f"compose refuses the file: {problem.message}", help=help_
            )
        if not file.includes:
            yield from _dangling(repository, file, known)


def _dangling(repository: Repository, file: ComposeFile, known: set[tuple[str, str]]) -> Iterator[Fault]:
    told: set[tuple[str, str]] = set()
    undeclared: dict[str, list[Named]] = {}
    for each in file.used:
        if (each.kind, each.name) in told:
            continue
        told.add((each.kind, each.name))
        if each.kind == "env_file":
            if _is_absent(repository, posixpath.dirname(file.path), each.name):
                yield Fault(
                    Place(file.path, each.span),
                    f"there is no {each.name}, nothing ignores it and no example shows it, so a fresh "
                    "checkout doesn't start: compose stops at a missing env_file",
                    help=f"commit {each.name}.example and ignore {each.name}, or write `required: false`",
                )
        elif (each.kind, each.name) not in known and not (each.kind == "network" and each.name == "default"):
            # A name with a slip in it is a fault of its own; many of a kind are one missing section.
            many = undeclared.setdefault(each.kind, [])
            many.append(each)
    for named in undeclared.values():
        yield from (_undeclared(file.path, [each], known) for each in named[:_FEW])
        if len(named) > _FEW:
            yield _undeclared(file.path, named[_FEW:], known)


def _undeclared(path: str, named: list[Named], known: set[tuple[str, str]]) -> Fault:
    first, others = named[0], named[1:]
    near: list[str] = []
    if len(known) <= _MOST:
        near = get_close_matches(first.name, [name for kind, name in known if kind == first.kind], 1, 0.75)
    hint = f"; did you mean {near[0]}" if near else ""
    return Fault(
        Place(path, first.span),
        f"no {first.kind} is called {first.name}, here or in any other compose file, so compose refuses the "
        f"project{hint}",
        related=tuple(Related(Place(path, each.span), f"nor {each.name}") for each in others[:_SHOWN]),
        help="" if first.kind == "service" else f"declare it under `{first.kind}s:` at the top of the file",
    )


def _is_absent(repository: Repository, folder: str, name: str) -> bool:
    path = posixpath.normpath(posixpath.join(folder, name))
    if name.startswith(("/", "~")) or path.startswith("../") or posixpath.normpath(name) in _WRITTEN:
        return False
    paths = repository.worktree.paths
    stem = posixpath.join(posixpath.dirname(path), "")
    beside = [each for each in paths if each.startswith(stem) and "/" not in each[len(stem) :]]
    if path in beside or any(each.endswith(_SUFFIXES) and "env" in each[len(stem) :] for each in beside):
        return False
    return not repository.worktree.ignored([path])

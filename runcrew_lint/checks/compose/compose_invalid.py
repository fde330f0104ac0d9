"""compose-invalid: what compose refuses: a shape that is not its own, a name that nothing declares."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from runcrew_lint.checks.compose._beside import (
    absent_dockerfiles,
    absent_env_file,
    absent_folder,
    absent_mounts,
)
from runcrew_lint.domains.containers.compose_file import ComposeFile, Named
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_BESIDE = {"env_file": absent_env_file, "build": absent_folder}  # names of what lies beside the file
_FEW = 10  # names of a kind that are each told; the rest is one fault
_SHOWN = 20  # of that rest, places that are named
_MOST = 2_000  # names beyond which nobody looks for a near one
# Whoever copies such a file beside their own env file is told of it where it is described.
_COPIED = lazily(r"(?:\A|[._-])(?:example|sample|template|dist)[._-]", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at each wrong key or value, and at each name of something that no file declares.

    Which files a command names together is not known, so a name counts as declared wherever it is. A file
    that includes others is not asked for what it may get from them.
    """
    files = repository.facts(ComposeFile)
    known = {(each.kind, each.name) for file in files for each in file.declared} | {("network", "default")}
    undeclared = {file.path: _undeclared_of(file, known) for file in files if not file.includes}
    parts = {path for path, names in undeclared.items() if len(files) > 1 and _is_part(names, known)}
    elsewhere = {each[:2] for path in parts for named in undeclared[path].values() for each in named}
    for file in files:
        for problem in file.problems:
            help_ = f"write `{problem.key}`" if problem.key else ""
            yield Fault(
                Place(file.path, problem.span), f"compose refuses the file: {problem.message}", help=help_
            )
        names = undeclared.get(file.path)
        if names is None:
            continue
        if names and {each[:2] for named in names.values() for each in named} <= elsewhere:
            yield _part(file.path, names)
            continue
        if not _COPIED.search(posixpath.basename(file.path)):
            for (kind, _), each in _first(file).items():
                if kind in _BESIDE:
                    yield from _BESIDE[kind](repository, file.path, each)
        for named in names.values():
            yield from (_undeclared(file.path, [each], known) for each in named[:_FEW])
            if len(named) > _FEW:
                yield _undeclared(file.path, named[_FEW:], known)
    told: set[Place] = set()
    for project in repository.facts(ComposeProject):
        if _COPIED.search(posixpath.basename(project.path)):
            continue
        for fault in (*absent_dockerfiles(repository, project), *absent_mounts(repository, project)):
            if fault.place not in told:
                told.add(fault.place)
                yield fault


def _undeclared_of(file: ComposeFile, known: AbstractSet[tuple[str, str]]) -> dict[str, list[Named]]:
    """The names that no file declares, by kind, each at its first place."""
    found: dict[str, list[Named]] = {}
    for (kind, name), each in _first(file).items():
        if kind not in _BESIDE and (kind, name) not in known:
            # A name with a slip in it is a fault of its own; many of a kind are one missing section.
            found.setdefault(kind, []).append(each)
    return found


def _first(file: ComposeFile) -> dict[tuple[str, str], Named]:
    found: dict[tuple[str, str], Named] = {}
    for each in file.used:
        found.setdefault((each.kind, each.name), each)
    return found


def _is_part(undeclared: Mapping[str, list[Named]], known: AbstractSet[tuple[str, str]]) -> bool:
    """Whether a file asks for another one's services and for what goes with them, all by names that no file
    has, nor any like them: it is put on top of one that does not call itself a compose file.
    """
    if "service" not in undeclared or len(undeclared) < 2:
        return False
    return not any(_near(each, known) for named in undeclared.values() for each in named[:_FEW])


def _part(path: str, undeclared: Mapping[str, list[Named]]) -> Fault:
    first, *others = (each for named in undeclared.values() for each in named)
    return Fault(
        Place(path, first.span),
        f"no {first.kind} is called {first.name}, here or in any file that is named as compose's are: alone "
        "compose refuses this one",
        related=tuple(
            Related(Place(path, each.span), f"nor {each.kind} {each.name}") for each in others[:_SHOWN]
        ),
        help="name the file that it goes with so that it shows, such as compose.base.yml",
        severity=Severity.INFO,
    )


def _undeclared(path: str, named: list[Named], known: AbstractSet[tuple[str, str]]) -> Fault:
    first, others = named[0], named[1:]
    near = _near(first, known)
    hint = f"; did you mean {near}" if near else ""
    return Fault(
        Place(path, first.span),
        f"no {first.kind} is called {first.name}, here or in any other compose file, so compose refuses the "
        f"project{hint}",
        related=tuple(Related(Place(path, each.span), f"nor {each.name}") for each in others[:_SHOWN]),
        help="" if first.kind == "service" else f"declare it under `{first.kind}s:` at the top of the file",
    )


def _near(named: Named, known: AbstractSet[tuple[str, str]]) -> str:
    """The name that it may be meant for."""
    if len(known) > _MOST:
        return ""
    return nearest(named.name, [name for kind, name in known if kind == named.kind], 0.75)

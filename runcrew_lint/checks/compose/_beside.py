"""What a compose file names of the files beside it, and the repository does not have.

Source: docs.docker.com/reference/compose-file ("env_file", "build", "volumes"): a bind mount whose source is
not there is made a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath, relpath, splitext

from runcrew_lint.domains.containers.compose_file import Named
from runcrew_lint.domains.containers.interpolation import HOLE
from runcrew_lint.domains.containers.project import ComposeProject, Mount, Service
from runcrew_lint.domains.contracts.tree import Tree, tree_of, under
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Portainer writes it beside the file of a stack that it deploys.
_WRITTEN = ("stack.env",)
# A context that is fetched, and one that the machine has.
_ELSEWHERE = lazily(r"[/~]|\w+://|git@|(?:www\.)?github\.com[/:]")
_SUFFIXES = (".example", ".sample", ".template", ".dist", ".tmpl", ".default")
_MODEL = lazily(r"example|sample|template|tmpl|\bdist\b|\bdefault\b")
_SETTINGS = frozenset(
    (".conf", ".cnf", ".cfg", ".ini", ".yml", ".yaml", ".toml", ".xml", ".sql", ".sh", ".lua")
)
_SECRET = lazily(r"secret|credential|passw|token|cert|key|auth|users?\b", re.IGNORECASE)
_SHOWN = lazily(r"(?:^|/)(?:docs?|[\w-]*examples?|samples?|vendor|contrib|templates?)/", re.IGNORECASE)
_ALIKE = 0.8  # from here on two names are one with a slip in it


def absent_env_file(repository: Repository, path: str, named: Named) -> Iterator[Fault]:
    """A file of variables that a fresh checkout has not, though nothing says that it would be made."""
    if _is_absent(repository, dirname(path), named.name):
        yield Fault(
            Place(path, named.span),
            f"there is no {named.name}, nothing ignores it and no example shows it, so a fresh "
            "checkout doesn't start: compose stops at a missing env_file",
            help=f"commit {named.name}.example and ignore {named.name}, or write `required: false`",
        )


def absent_folder(repository: Repository, path: str, named: Named) -> Iterator[Fault]:
    """A folder to build that the repository has nothing of, where another's name differs by a slip; what is
    called like none may be brought there from another repository.
    """
    tree, folder = _tree(repository), dirname(path)
    wanted = normpath(join(folder, named.name))
    if _ELSEWHERE.match(named.name) or wanted.startswith("../") or wanted in (".", ".."):
        return
    if tree.has(wanted) or ".gitmodules" in tree.files or repository.worktree.is_tracked(wanted):
        return
    if repository.worktree.ignored([wanted, f"{wanted}/x"]):
        return
    beside = sorted(basename(one) for one in tree.folders if one and dirname(one) == dirname(wanted))
    if near := nearest(basename(wanted), beside, 0.75):
        yield Fault(
            Place(path, named.span),
            f"there is no folder {named.name} to build from, so compose stops before it starts anything; "
            f"did you mean {relpath(join(dirname(wanted), near), folder or '.')}",
        )


def absent_dockerfiles(repository: Repository, project: ComposeProject) -> Iterator[Fault]:
    """Dockerfiles that are named, in a folder that is there."""
    tree = _tree(repository)
    for service in project.services:
        build = service.build
        file = build.dockerfile if build else None
        if build is None or file is None or not file.value:
            continue
        context = build.context.value if build.context else "."
        if context is None:
            continue
        folders = [
            found
            for each in _folders(project, service, file.place)
            if (found := under(each, context)) is not None
        ]
        wanted = [found for each in folders if (found := under(each, file.value)) is not None]
        if not wanted or dirname(wanted[0]) not in tree.folders or folders[0] not in tree.folders:
            continue
        if not any(_has(tree, each) or _is_made(tree, each) for each in wanted) and _is_missing(
            repository, wanted
        ):
            near = _near(tree, wanted[0])
            yield Fault(
                file.place,
                f"{service.name} is built by {wanted[0]}, and the repository has no such file: "
                "`docker compose build` stops",
                help=f"build {near}" if near else "name the Dockerfile that is meant",
            )


def absent_mounts(repository: Repository, project: ComposeProject) -> Iterator[Fault]:
    """Files of settings that are mounted: one fault at the first of a file, which names the others."""
    if _SHOWN.search(project.path):
        return
    tree = _tree(repository)
    found: list[tuple[Mount, str, str]] = []
    for service in project.services:
        for each in service.volumes:
            if not _is_file(each):
                continue
            folders = _folders(project, service, each.place)
            wanted = [path for one in folders if (path := under(one, each.source)) is not None]
            if not wanted or any(tree.has(path) or _is_made(tree, path) for path in wanted):
                continue
            if _is_missing(repository, wanted) and not _is_copied(tree, project, wanted[0]):
                found.append((each, wanted[0], service.name))
    if not found:
        return
    (first, path, name), *others = found
    near = _near(tree, path)
    more = f" (nor {len(others)} more that this file mounts)" if others else ""
    yield Fault(
        first.place,
        f"there is no {path}{more}, nothing ignores it and no example shows it: docker makes an empty folder "
        f"of that name, and {name} gets it in the file's place",
        related=tuple(Related(one.place, f"nor {missing}") for one, missing, _ in others),
        help=f"mount {near}" if near else f"commit {path}",
        severity=Severity.WARNING,
    )


def _tree(repository: Repository) -> Tree:
    return tree_of(tuple(repository.worktree.paths))


def _folders(project: ComposeProject, service: Service, place: Place) -> list[str]:
    """The folders that a path may be meant from, the likeliest first: `--project-directory .` and a command
    in the root that names several files make it the root.
    """
    written = (place.path, project.path, *project.layers, *service.layers)
    return list(dict.fromkeys([*map(dirname, written), ""]))


def _has(tree: Tree, path: str) -> bool:
    """Whether there is such a Dockerfile: buildx takes `dockerfile` for the usual name, too."""
    return path in tree.files or join(dirname(path), basename(path).lower()) in tree.files


def _is_made(tree: Tree, path: str) -> bool:
    """Whether something beside it looks like what it is made of."""
    name = basename(path)
    beside = (basename(each) for each in tree.files if dirname(each) == dirname(path))
    return any(
        each.startswith((f"{name}.", f"{name}-")) or (splitext(name)[0] in each and _MODEL.search(each))
        for each in beside
    )


def _is_missing(repository: Repository, paths: list[str]) -> bool:
    """Whether git neither has them, as it may have a link, nor is told to pass them over."""
    return not any(
        repository.worktree.is_tracked(each) for each in paths
    ) and not repository.worktree.ignored(paths)


def _is_file(mount: Mount) -> bool:
    """Whether a relative path of a file of settings is mounted as one; a secret is put there by hand."""
    if mount.kind != "bind" or mount.variable or HOLE in mount.source:
        return False
    endings = {splitext(basename(each))[1] for each in (mount.source, mount.target)}
    return endings <= _SETTINGS and not _SECRET.search(mount.source)


def _is_copied(tree: Tree, project: ComposeProject, path: str) -> bool:
    """Whether a file of a folder may be put together with another from elsewhere before it is used."""
    return "/" in project.path and any(basename(each) == basename(path) for each in tree.files)


def _near(tree: Tree, path: str) -> str:
    """A file that may be meant: one with a slip in its name beside it, or the only one of that name."""
    beside = sorted(each for each in tree.files if dirname(each) == dirname(path))
    alike = [each for each in tree.files if basename(each) == basename(path)]
    return nearest(path, beside, _ALIKE) or (alike[0] if len(alike) == 1 else "")


def _is_absent(repository: Repository, folder: str, name: str) -> bool:
    path = normpath(join(folder, name))
    if name.startswith(("/", "~")) or path.startswith("../") or normpath(name) in _WRITTEN:
        return False
    if repository.worktree.is_tracked(path):
        return False  # a link, too, wherever it leads: what it leads to is asked for there
    paths = repository.worktree.paths
    stem = join(dirname(path), "")
    beside = [each for each in paths if each.startswith(stem) and "/" not in each[len(stem) :]]
    if path in beside or any(each.endswith(_SUFFIXES) and "env" in each[len(stem) :] for each in beside):
        return False
    return not repository.worktree.ignored([path])

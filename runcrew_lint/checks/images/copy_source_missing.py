"""copy-source-missing: a COPY of what is not there, or of what .dockerignore keeps out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby

from runcrew_lint.domains.containers.context import contexts_of, copied
from runcrew_lint.domains.containers.facts import DockerIgnore, Image, Value
from runcrew_lint.domains.containers.ignoring import keeps_out
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_WILD = lazily(r"[*?\[$]")
# What a step before the build makes, or taskgraph puts there (`# %include`): no checkout has it.
_BUILT = lazily(
    r"^topsrcdir/|(?:^|/)(?:dist|build|builds|out|output|target|bin|release|releases|artifacts?|node_modules|wheels|coverage|\.next)(?:/|\Z)"
    r"|\.(?:jar|war|whl|deb|rpm|apk|tar|tgz|gz|xz|zip|so|exe|bin|js\.map|sha256|sig|pem|crt)\Z"
)
_GIT = lazily(r"\.git(?:/|\Z)")  # git's own folder, which every checkout has at its root
_ALIKE = 0.8


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at each plain source of a COPY or ADD that the build surely does not find.

    Absent counts where compose names the build's folder or a name beside it differs by a slip; what git
    ignores and what builds leave behind may be made before the build.
    """
    contexts = repository.derive(contexts_of)
    lists = {each.path: each for each in repository.facts(DockerIgnore)}
    paths = tuple(repository.worktree.paths)
    known = contexts.known
    missing: list[_Missing] = []
    for image in repository.facts(Image):
        told = contexts.told(image)
        context = told.pop() if len(told) == 1 else None
        certain = context is not None
        if context is None and not told:
            context = contexts.of(image)
            if context is None:
                context = _nearest_context(image, known)
        if context is None:
            continue
        own = lists.get(f"{image.path}.dockerignore") or lists.get(posixpath.join(context, ".dockerignore"))
        sources = list(_sources(image))
        if own is not None:
            yield from _kept_out(image.path, sources, own, context, paths, known)
        builder = contexts.builds(image)[0].place if certain else None
        missing += [
            _Missing(image, context, builder, plain, value, path, near)
            for plain, value in sources
            if (path := posixpath.normpath(posixpath.join(context, plain))) not in known
            and not (plain.startswith("../") or _BUILT.search(plain) or _GIT.match(path))
            and ((near := _near(path, known)) or certain)
        ]
    ignored = repository.worktree.ignored(
        path for each in missing for path in (each.path, f"{each.path}/x")
    )  # asked once for all: each question is a process
    absent = (each for each in missing if not ignored.intersection((each.path, f"{each.path}/x")))
    for _, of_image in groupby(absent, lambda each: id(each.image)):
        yield _absent(list(of_image))


class _Missing(NamedTuple):
    """A source that is not listed, and whose name is `near` to another's or whose folder is certain."""

    image: Image
    context: str
    builder: Place | None
    plain: str
    value: Value
    path: str
    near: str


def _sources(image: Image) -> Iterator[tuple[str, Value]]:
    """What the image copies from its context under a plain name, each once."""
    seen: set[str] = set()
    for stage in image.stages:
        for each in stage.instructions:
            taken = set(copied(each))
            for value in each.values[:-1]:
                plain = _plain(value.value) if value.value in taken else ""
                if plain and plain not in seen:
                    seen.add(plain)
                    yield plain, value


def _absent(absent: list[_Missing]) -> Fault:
    """The sources of one image that are nowhere."""
    image, context, builder, _, first, _, near = absent[0]
    names = [each.plain for each in absent]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    hint = f"; is {posixpath.relpath(near, context or '.')} meant" if near else ""
    where = (
        f"the build's folder {context}/ has" if context else "the build's folder, the repository's root, has"
    )
    related = [Related(builder, "the folder is named here")] if builder else []
    related += [Related(Place(image.path, each.value.span), "nor this") for each in absent[1:5]]
    return Fault(
        Place(image.path, first.span),
        f"{where} no {shown}, so the build stops here{hint}",
        related=tuple(related),
    )


def _kept_out(
    path: str,
    sources: Iterable[tuple[str, Value]],
    own: DockerIgnore,
    context: str,
    paths: Sequence[str],
    known: Set[str],
) -> Iterator[Fault]:
    for plain, value in sources:
        there = posixpath.normpath(posixpath.join(context, plain)) in known
        if there and _stays_out(own, context, plain, paths):
            yield Fault(
                Place(path, value.span),
                f"{own.path} keeps {plain} out of the build, so this COPY finds nothing and stops it",
                related=(Related(Place(own.path, _line(own, plain)), "kept out here"),),
            )


def _plain(source: str | None) -> str:
    if not source or _WILD.search(source) or "://" in source:
        return ""
    plain = posixpath.normpath(source.lstrip("/") or ".")
    return "" if plain == "." else plain


def _nearest_context(image: Image, known: Set[str]) -> str | None:
    """The folder that has all sources but a few, where one has more of them than any other."""
    sources = {
        plain
        for stage in image.stages
        for each in stage.instructions
        for one in copied(each)
        if (plain := _plain(one))
    }
    counts: list[tuple[int, str]] = []
    folder = posixpath.dirname(image.path)
    while True:
        counts.append(
            (sum(posixpath.normpath(posixpath.join(folder, each)) in known for each in sources), folder)
        )
        if not folder:
            break
        folder = posixpath.dirname(folder)
    best = max(counts)[0]
    found = [folder for count, folder in counts if count == best]
    return found[0] if len(found) == 1 and best >= 2 and len(sources) - best <= 1 else None


def _stays_out(own: DockerIgnore, context: str, plain: str, paths: Sequence[str]) -> bool:
    """Whether a source stays out with all that is in it."""
    if not keeps_out(own.lines, plain):
        return False
    prefix = posixpath.normpath(posixpath.join(context, plain)) + "/"
    start = len(context) + 1 if context else 0
    return all(keeps_out(own.lines, path[start:]) for path in paths if path.startswith(prefix))


def _line(own: DockerIgnore, plain: str) -> Span:
    steps = plain.split("/")
    for line in reversed(own.lines):
        if not line.negated and any(
            keeps_out((line,), "/".join(steps[:end])) for end in range(1, len(steps) + 1)
        ):
            return line.span
    return Span(0, 0)


def _near(path: str, known: Set[str]) -> str:
    """A file or folder beside it whose name differs by a slip."""
    folder, name = posixpath.split(path)
    beside = [each for each in known if posixpath.dirname(each) == folder]
    names = {posixpath.basename(each): each for each in beside}
    near = nearest(name, names, _ALIKE)
    return names[near] if near else ""

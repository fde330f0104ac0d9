"""dockerignore-gap: `COPY .` takes local secrets, history or installed packages into the image."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.context import contexts_of, copied, destination_of, ships
from runcrew_lint.domains.containers.facts import DockerIgnore, Image, Instruction
from runcrew_lint.domains.containers.ignoring import keeps_out
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_EXAMPLE = lazily(r"\.env\.(?:example|sample|template|dist)\Z|env\.example\Z|\.env\..*\.example\Z")
_KEYS = lazily(r"(?!.*(?:gpg|pub)).*\.(?:key|p8|p12|pfx|jks|keystore)\Z|id_(?:rsa|ed25519)\Z", re.IGNORECASE)
_NOT_SHIPPED = lazily(r"(?:^|/)(?:tests?|fixtures?|testdata|docs?|examples?|node_modules)/")


class _Gap(NamedTuple):
    what: str
    is_secret: bool


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the first COPY of the whole context into the shipped image, naming what comes along.

    Only what the repository shows to exist counts: a `.env` that git ignores or that has an example, a
    package.json for node_modules, keys that are there. Secrets are an error, the rest a warning.
    """
    contexts = repository.derive(contexts_of)
    lists = {each.path: each for each in repository.facts(DockerIgnore)}
    paths = tuple(repository.worktree.paths)
    for image in repository.facts(Image):
        copy = _whole_context(image)
        context = contexts.of(image) if copy else None
        if copy is None or context is None:
            continue
        own = lists.get(f"{image.path}.dockerignore") or lists.get(posixpath.join(context, ".dockerignore"))
        gaps = [gap for gap in _gaps(repository, context, paths) if own is None or not _kept(own, gap)]
        if gaps:
            yield _fault(image, copy, own, gaps)


def _kept(own: DockerIgnore, gap: _Gap) -> bool:
    return keeps_out(own.lines, gap.what)


def _whole_context(image: Image) -> Instruction | None:
    if not lineage(image):
        return None
    for stage in image.stages:
        for each in stage.instructions:
            if any(posixpath.normpath(source.lstrip("/") or ".") == "." for source in copied(each)) and ships(
                image, stage, destination_of(image, stage, each)
            ):
                return each
    return None


def _gaps(repository: Repository, context: str, paths: tuple[str, ...]) -> Iterator[_Gap]:
    """What would come along, relative to the context."""
    prefix = f"{context}/" if context else ""
    inside = [path[len(prefix) :] for path in paths if path.startswith(prefix)]
    folders = sorted({posixpath.dirname(path) for path in inside})
    wanted = [posixpath.join(folder, ".env") for folder in folders]
    ignored = repository.worktree.ignored(prefix + path for path in wanted)
    examples = {posixpath.dirname(path) for path in inside if _EXAMPLE.search(path)}
    for folder, path in zip(folders, wanted, strict=True):
        if folder in examples or (not folder and prefix + path in ignored):
            yield _Gap(path, is_secret=True)
    for path in inside:
        if _KEYS.match(posixpath.basename(path)) and not _NOT_SHIPPED.search(path):
            yield _Gap(path, is_secret=True)
    for path in inside:
        if posixpath.basename(path) == "package.json" and not _NOT_SHIPPED.search(path):
            yield _Gap(posixpath.join(posixpath.dirname(path), "node_modules"), is_secret=False)
    if not context and repository.worktree.is_git:
        yield _Gap(".git", is_secret=False)


def _fault(image: Image, copy: Instruction, own: DockerIgnore | None, gaps: list[_Gap]) -> Fault:
    secret = [gap.what for gap in gaps if gap.is_secret]
    names = [*secret, *(gap.what for gap in gaps if not gap.is_secret)]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    harm = (
        "whoever pulls the image reads what is in them"
        if secret
        else "the image carries them and every change to them breaks the layer cache"
    )
    keeper = "no .dockerignore keeps" if own is None else f"{own.path} doesn't keep"
    return Fault(
        Place(image.path, copy.span),
        f"this copies the whole folder and {keeper} {shown} out, so {harm}",
        related=(Related(Place(own.path, Span(0, 0)), "the list that misses them"),) if own else (),
        mend=_mend(own, names) if own else None,
        severity=None if secret else Severity.WARNING,
    )


def _mend(own: DockerIgnore, names: list[str]) -> MendRequest:
    """The list with a line for each gap at its end, where no later line takes it back."""
    anywhere = (".env", "node_modules")
    lines = [f"**/{name.rpartition('/')[2]}" if name.endswith(anywhere) else name for name in names]
    told = (("title", f"adds the missing lines to {own.path}"), ("line", "\n".join(dict.fromkeys(lines))))
    return MendRequest("text.append_line", Place(own.path, Span(0, 0)), (*told, ("safety", "safe")))

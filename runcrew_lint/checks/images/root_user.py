"""root-user: an image whose process runs as root."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.bases import brings_a_server, starts_as_root
from runcrew_lint.domains.containers.context import contexts_of
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.shipped import backwards, commands, lineage, user
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_ROOT = lazily(r"(?:root|0)(?::.*)?")
# Programs by which an entrypoint gives root up.
_STEPS_DOWN = lazily(r"\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst)\b|\bsu\s+-?\s*\w+\s+-c\b")
_WHY = "so whoever breaks into it owns the container, and through a mount or a kernel fault the host"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the USER that names root, or at the shipped FROM where neither stage nor base has one.

    An image for development or tests, one that starts nothing (a set of tools, a check that the build is),
    and a base whose user is not known say nothing.
    """
    contexts = repository.derive(contexts_of)
    for image in repository.facts(Image):
        if commands(image) or _brings_a_server(image) or contexts.builds(image):
            yield from _run_as_root(image)


def _brings_a_server(image: Image) -> bool:
    stages = lineage(image)
    return bool(stages) and brings_a_server(stages[-1].base.reference.value or "")


def _run_as_root(image: Image) -> Iterator[Fault]:
    stages = lineage(image)
    if not stages:
        return
    if any(_STEPS_DOWN.search(value.written) for each in backwards(image) for value in each.values):
        return
    said = user(image)
    if said is not None:
        name = said.values[0].value if said.values else None
        if name is not None and _ROOT.fullmatch(name.strip()):
            yield Fault(Place(image.path, said.span), f"the image runs as root ({name.strip()}), {_WHY}")
        return
    bottom = stages[-1].base.reference.value
    if bottom is None or not starts_as_root(bottom) or (bottom == "scratch" and not commands(image)):
        return
    empty = bottom == "scratch"
    runs = "scratch has no other user than root" if empty else "the base runs as root"
    yield Fault(
        Place(image.path, stages[0].base.reference.span),
        f"no USER is set, and {runs}, {_WHY}",
        help="end the last stage with a number, which no /etc/passwd has to know: `USER 65532:65532`"
        if empty
        else "",
    )

"""secret-in-build-argument: a secret that a workflow hands to an image's ARG."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.contracts.build_args import BuildArgument, build_arguments_of
from runcrew_lint.domains.secrets.names import names_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Built into what users download anyway, by their prefix; of these public-variable-holds-secret speaks.
_PUBLIC = lazily(r"(?:EXPO_PUBLIC|VITE|NEXT_PUBLIC|REACT_APP|GATSBY|NUXT_PUBLIC|PUBLIC)_|.*(?:_|\A)DSN\Z")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault an argument whose name or secret says that its value is one, where the image takes it."""
    names = names_of(policy.secrets)
    images = {each.path: each for each in repository.facts(Image)}
    for each in repository.derive(build_arguments_of):
        if not each.secret or _PUBLIC.match(each.name):
            continue
        if not (names.named(each.name) or names.named(each.secret)):
            continue
        taken = _taken(each, images)
        if taken is None:
            continue
        yield Fault(
            each.place,
            f"the build argument {each.name} gets `secrets.{each.secret}`, and build arguments stay in the "
            "image's history: whoever can pull it can read the value",
            tuple(Related(place, f"the image takes {each.name} here") for place in taken),
            help=f"`--secret id={each.name.lower()}`, and in the image "
            f"`RUN --mount=type=secret,id={each.name.lower()}`",
        )


def _taken(each: BuildArgument, images: dict[str, Image]) -> tuple[Place, ...] | None:
    """Where the image declares the argument; None where it is known and does not."""
    image = images.get(each.image)
    if image is None:
        return ()
    places = tuple(
        Place(image.path, setting.span)
        for stage in image.stages
        for one in stage.instructions
        if one.keyword == "ARG"
        for setting in one.settings
        if setting.name == each.name
    )
    return places[:1] or None

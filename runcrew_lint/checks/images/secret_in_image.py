"""secret-in-image: a secret that becomes part of an image: in ENV, in ARG, or as a file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.domains.containers.context import copied, destination_of, ships
from runcrew_lint.domains.containers.facts import Image, Instruction, Setting, Stage
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.secrets.names import Named, Names, names_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What a browser or an app is handed anyway: the bundlers' own prefixes.
_PUBLIC = lazily(r"(?:NEXT_PUBLIC|EXPO_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|GATSBY|PUBLIC|VUE_APP)_")
_FILES = lazily(
    r"\.env(?:\.(?:local|prod|production|staging|stg|dev|development))?"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|(?!.*(?:pub|gpg|cert)).+\.(?:p8|p12|pfx|jks|keystore|key)"
    r"|\.netrc|\.pypirc|.*service[-_]?account.*\.json|.*firebase-adminsdk.*\.json|credentials\.json",
    re.IGNORECASE,
)
_PASSWORDS = ("PASSWORD", "PASSWD", "PASSPHRASE")
_MADE_UP = lazily(r"(?:^|/)(?:tests?|fixtures?|testdata|docs?|examples?|samples?)/|example|sample")
_STAYS = "it stays in a layer even where a later line deletes it, and whoever pulls the image has it"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at values, at an ENV that takes a build argument's secret, at an ARG that asks for one, at a
    password that anyone can guess, and at a COPY of a file that only ever holds secrets.

    All but the first in what is shipped alone.
    """
    images = repository.facts(Image)
    files = {image.path for image in images}
    told: set[Place] = set()
    for fact in repository.facts(SecretUses):
        if fact.path in files:
            for fault in faults_of("secret-in-image", fact, policy):
                told.add(fault.place)
                yield replace(fault, mend=None)
    names = names_of(policy.secrets)
    for image in images:
        yield from _named(image, names, told)
        yield from _files(image)


def _named(image: Image, names: Names, told: set[Place]) -> Iterator[Fault]:
    asked = {
        setting.name: setting for each in image.preamble if each.keyword == "ARG" for setting in each.settings
    }
    kept: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    for stage in reversed(lineage(image)):
        for each, setting in _settings(stage):
            named = None if _PUBLIC.match(setting.name) else names.named(setting.name)
            if each.keyword == "ARG":
                asked[setting.name] = setting
            if named is None:
                continue
            place = Place(image.path, setting.span)
            source = _taken_from(setting, asked)
            if each.keyword == "ARG" and _is_open(setting):
                faults.append((setting.name, Fault(place, _asks(setting.name), severity=Severity.WARNING)))
            elif each.keyword == "ENV" and source:
                kept.add(source)
                if not _is_told(Place(image.path, asked[source].span), told):
                    said = f"{setting.name} takes the build argument {source} into the image: {_STAYS}"
                    yield Fault(place, said, severity=None if _is_open(asked[source]) else Severity.WARNING)
            elif each.keyword == "ENV" and _is_guessable(setting, named, names):
                if not _is_told(place, told):
                    yield Fault(place, _guessed(setting.name), severity=Severity.WARNING)
    yield from (fault for name, fault in faults if name not in kept)


def _is_told(place: Place, told: set[Place]) -> bool:
    """Whether a value in it is a finding of its own already."""
    inside = range(place.span.start, place.span.end + 1)
    return any(place.path == each.path and each.span.start in inside for each in told)


def _settings(stage: Stage) -> Iterator[tuple[Instruction, Setting]]:
    for each in stage.instructions:
        if each.keyword in ("ARG", "ENV") and not each.onbuild:
            yield from ((each, setting) for setting in each.settings)


def _is_guessable(setting: Setting, named: Named, names: Names) -> bool:
    """Whether an ENV gives a password a plain value; what asks to be replaced is no value."""
    value = setting.value.value if setting.value else None
    if not value or named.rule_name not in _PASSWORDS or "$" in value or value.startswith("/"):
        return False
    return not names.is_placeholder(value)


def _guessed(name: str) -> str:
    return (
        f"every container of this image starts with the value of {name} that is written here, unless "
        "somebody thinks of giving it another, and anyone can read or guess it"
    )


def _asks(name: str) -> str:
    return (
        f"the value of {name} that --build-arg gives is written into the image's history, where "
        "`docker history` shows it to whoever pulls the image"
    )


def _is_open(setting: Setting) -> bool:
    return setting.value is None or setting.value.written.strip("\"'") == ""


def _taken_from(setting: Setting, asked: dict[str, Setting]) -> str:
    """The build argument whose value an ENV takes, or ""."""
    written = setting.value.written.strip("\"'") if setting.value else ""
    match = re.fullmatch(r"\$\{?(\w+)\}?", written)
    return match[1] if match and match[1] in asked else ""


def _files(image: Image) -> Iterator[Fault]:
    for stage in image.stages:
        for each in stage.instructions:
            secret = next((path for path in copied(each) if _is_secret_file(path)), "")
            if secret and _reaches(image, each):
                yield Fault(Place(image.path, each.span), f"this copies {secret} into the image: {_STAYS}")


def _reaches(image: Image, each: Instruction) -> bool:
    stage = next(one for one in image.stages if any(inner is each for inner in one.instructions))
    return bool(lineage(image)) and ships(image, stage, destination_of(image, stage, each))


def _is_secret_file(path: str) -> bool:
    return bool(_FILES.fullmatch(posixpath.basename(path))) and not _MADE_UP.search(path)

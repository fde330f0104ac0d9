"""secret-in-image: a secret that becomes part of an image: in ENV, in ARG, or as a file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.domains.containers.context import copied, destination_of, ships
from runcrew_lint.domains.containers.facts import Image, Instruction, Setting
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.secrets.names import Names, names_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What a browser or an app is handed anyway: the bundlers' own prefixes.
_PUBLIC = re.compile(r"(?:NEXT_PUBLIC|EXPO_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|GATSBY|PUBLIC|VUE_APP)_")
_FILES = re.compile(
    r"\.env(?:\.(?:local|prod|production|staging|stg|dev|development))?"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|(?!.*(?:pub|gpg|cert)).+\.(?:p8|p12|pfx|jks|keystore|key)"
    r"|\.netrc|\.pypirc|.*service[-_]?account.*\.json|.*firebase-adminsdk.*\.json|credentials\.json",
    re.IGNORECASE,
)
_MADE_UP = re.compile(r"(?:^|/)(?:tests?|fixtures?|testdata|docs?|examples?|samples?)/|example|sample")
_STAYS = "it stays in a layer even where a later line deletes it, and whoever pulls the image has it"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at values, at an ENV that takes a build argument's secret, at an ARG that asks for one, and at
    a COPY of a file that only ever holds secrets; the last three in what is shipped alone.
    """
    images = repository.facts(Image)
    told = {image.path for image in images}
    for fact in repository.facts(SecretUses):
        if fact.path in told:
            for fault in faults_of("secret-in-image", fact, policy):
                yield replace(fault, mend=None)
    names = names_of(policy.secrets)
    for image in images:
        yield from _named(image, names)
        yield from _files(image)


def _is_secret(name: str, names: Names) -> bool:
    return not _PUBLIC.match(name) and names.named(name) is not None


def _named(image: Image, names: Names) -> Iterator[Fault]:
    stages = lineage(image)
    asked = {
        setting.name: setting for each in image.preamble if each.keyword == "ARG" for setting in each.settings
    }
    kept: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    for stage in stages:
        for each in stage.instructions:
            for setting in each.settings if each.keyword in ("ARG", "ENV") else ():
                if not _is_secret(setting.name, names):
                    continue
                place = Place(image.path, setting.span)
                if each.keyword == "ARG" and _is_open(setting):
                    faults.append(
                        (setting.name, Fault(place, _asks(setting.name), severity=Severity.WARNING))
                    )
                    asked[setting.name] = setting
                elif each.keyword == "ENV" and (source := _taken_from(setting, asked)):
                    kept.add(source)
                    yield Fault(
                        place, f"{setting.name} takes the build argument {source} into the image: {_STAYS}"
                    )
    for name, fault in faults:
        if name not in kept:
            yield fault


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
    return match[1] if match and match[1] in asked and _is_open(asked[match[1]]) else ""


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

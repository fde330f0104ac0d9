"""env-unprovided: an environment runs a program and does not give it a variable that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service
from runcrew_lint.domains.contracts.built import Built, builds_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.environment.contract import Contract, ReadAt, contract_of
from runcrew_lint.domains.environment.facts import Way
from runcrew_lint.domains.environment.files import folder_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at compose services and EAS profiles, which say themselves what they give.

    A service that takes an env file gets what that file's example names. Production is silent
    without a compose file of its own: nobody here knows what the server sets.
    """
    contract = repository.derive(contract_of)
    inside = _Inside(contract)
    builds = repository.derive(builds_of)
    for project in repository.facts(ComposeProject):
        if project.purpose is not Purpose.TEST:
            built_as = {service.name: builds.of(service) for service in project.services}
            of_folder: dict[str, list[Service]] = {}
            for service in project.services:
                if built := built_as[service.name]:
                    of_folder.setdefault(built.folder, []).append(service)
            for service in project.services:
                built = built_as[service.name]
                if built is None or len(builds.homes(built.folder)) > 1:
                    continue  # several programs lie in it: nobody can say which of them this service runs
                if service.layers[-1:] == (project.path,):
                    # What another service of the same code is given, that one alone may need.
                    beside = [each for each in of_folder[built.folder] if each.name != service.name]
                    yield from _of_service(contract, inside, project, service, built, beside)
    for config in repository.facts(EasConfig):
        yield from _of_profiles(contract, config)


class _Inside:
    """What the code and the images in each folder need and give, whatever service runs them."""

    def __init__(self, contract: Contract) -> None:
        self.needed: dict[str, list[tuple[str, ReadAt]]] = {}
        self.given: dict[str, set[str]] = {}
        for row in contract.rows.values():
            for read in row.reads:
                if read.read.is_required and read.read.way is Way.PYTHON:
                    for folder in _above(read.path):
                        self.needed.setdefault(folder, []).append((row.name, read))
            for each in row.given:
                if each.given.way is Way.IMAGE:
                    for folder in _above(each.path):
                        self.given.setdefault(folder, set()).add(row.name)


def _above(path: str) -> Iterator[str]:
    """The folders that hold a file, but for the root."""
    while path := folder_of(path):
        yield path


def _of_service(
    contract: Contract,
    inside: _Inside,
    project: ComposeProject,
    service: Service,
    built: Built,
    beside: list[Service],
) -> Iterator[Fault]:
    folder = built.folder
    if not folder:
        return  # the whole repository: nobody can say which program of it this service runs
    given = {each.name for each in service.environment} | inside.given.get(folder, set())
    for each in service.env_files:
        from_file = _set_by_file(contract, project, each.value)
        if from_file is None:
            return
        given |= from_file
    missing: dict[str, ReadAt] = {}
    for name, read in inside.needed.get(folder, ()):
        if name not in given and not any(other.variable(name) for other in beside):
            missing.setdefault(name, read)
    if missing:
        names = sorted(missing)
        by = () if service.build else (Related(built.place, "its image is built here"),)
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        yield Fault(
            service.place,
            f"{service.name} runs {folder}, which needs {shown}, and is not given it here, so it does not "
            "start",
            related=tuple(
                Related(missing[name].place, f"{name} is read here without a default") for name in names[:3]
            )
            + by,
            help=f"add `{names[0]}: ${{{names[0]}:?}}` to the environment of {service.name}",
        )


def _set_by_file(contract: Contract, project: ComposeProject, file: str | None) -> set[str] | None:
    """What an env file gives, by itself or by the example beside it; None where nobody can say."""
    if file is None:
        return None
    path = normpath(f"{folder_of(project.path) or '.'}/{file}")
    set_there = {row.name for row in contract.rows.values() if path in row.local}
    examples = contract.examples.get(folder_of(path), [])
    if not set_there and not examples:
        return None
    return set_there | {each.name for example in examples for each in example.variables}


def _of_profiles(contract: Contract, config: EasConfig) -> Iterator[Fault]:
    """At info: Expo also reads env files, and EAS keeps variables of its own.

    A profile with an `environment` takes the variables that EAS keeps for it, so it counts as giving all.
    """
    folder = folder_of(config.path)
    needed = [
        (row.name, each)
        for row in contract.rows.values()
        for each in row.reads
        if each.read.way is Way.SCRIPT and each.read.is_open and folder_of(each.path).startswith(folder)
        and _is_of_app(each.path, folder)
    ]  # fmt: skip
    for profile in config.builds:
        settings = [setting for platform in profile.platforms for setting in platform.settings]
        if not settings or any(setting.key == ("environment",) and setting.span for setting in settings):
            continue
        given = {setting.key[1] for setting in settings if len(setting.key) == 2 and setting.key[0] == "env"}
        missing = sorted({name for name, _ in needed} - given)
        if missing and given:
            first = next(each for name, each in needed if name in missing)
            shown = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
            yield Fault(
                Place(config.path, profile.span),
                f"the profile {profile.name} gives some of the app's variables and not {shown}, so the "
                "app is "
                "built with whatever its code falls back to",
                related=(Related(first.place, "read here without a default"),),
                help="set them under `env`, or name an EAS `environment` that has them",
                severity=Severity.INFO,
            )


def _is_of_app(path: str, folder: str) -> bool:
    """Whether a file is part of the app that eas.json builds, and not of its build or of a server "
    "beside it."""
    inside = path[len(folder) :].lstrip("/")
    return inside.startswith(("src/", "app/", "app.config.", "lib/", "components/", "constants/", "screens/"))

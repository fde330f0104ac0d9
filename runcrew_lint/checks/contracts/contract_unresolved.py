"""contract-unresolved: two places that should agree, and one of them is made when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.contracts.built import builds_of
from runcrew_lint.domains.contracts.commands import ci_commands_of
from runcrew_lint.domains.contracts.databases import servers_of
from runcrew_lint.domains.contracts.image_tags import deployed_of, is_plain
from runcrew_lint.domains.contracts.ports import exposed, is_hidden, of_image, of_service, services_of
from runcrew_lint.domains.contracts.programs import Programs, programs_of
from runcrew_lint.domains.contracts.pushed import pushed_of
from runcrew_lint.domains.contracts.registered import Unsure, registered_of
from runcrew_lint.domains.contracts.runtimes import NODE, PYTHON, Language, parts_of
from runcrew_lint.domains.contracts.secret_use import uses_in
from runcrew_lint.domains.delivery.facts import Package, Recipes
from runcrew_lint.domains.delivery.launchers import PackageRun, RecipeRun, launch
from runcrew_lint.domains.runtime.probes import asked_of, probes_of
from runcrew_lint.domains.runtime.serving import apis_of
from runcrew_lint.domains.tasks.facts import TaskDefinition
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_DYNAMIC = lazily(r"\$|\?")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a place that is not known before it runs, where another one that it must agree with is."""
    seen: set[Place] = set()
    for fault in (
        *_databases(repository),
        *(each for language in (PYTHON, NODE) for each in _languages(repository, language)),
        *_ports(repository),
        *_images(repository),
        *_probes(repository),
        *_names(repository),
        *_secrets(repository),
    ):
        if fault.place not in seen:
            seen.add(fault.place)
            yield fault


def _databases(repository: Repository) -> Iterator[Fault]:
    servers = repository.derive(servers_of)
    counts = next((each for each in servers if each.major is not None), None)
    for each in servers if counts else ():
        if counts and each.major is None and _DYNAMIC.search(each.image):
            said = f"{each.what} runs {each.image}, whose version is set when it runs"
            yield _fault(each.place, said, f"the PostgreSQL {counts.major} of {counts.what}", counts.place)


def _languages(repository: Repository, language: Language) -> Iterator[Fault]:
    for part in parts_of(repository, language):
        counts = part.runs or next(iter(part.pinned), None)
        for each in part.tested if counts else ():
            if counts and not each.versions:
                said = f"the job `{each.job.id}` sets up a {language.title} that is named when it runs"
                yield _fault(each.place, said, f"{counts.what} {counts.written}", counts.place)


def _ports(repository: Repository) -> Iterator[Fault]:
    images = {each.path: each for each in repository.facts(Image)}
    for image in images.values():
        yield from _of_image(image, repository.derive(programs_of))
    for _, service in services_of(repository.facts(ComposeProject)):
        served = of_service(service, images, repository.derive(builds_of), repository.derive(programs_of))
        hidden = [each for each in service.ports if not each.first]
        if served and hidden:
            said = f"the container's port that `{service.name}` publishes is set when it runs"
            yield _fault(hidden[0].place, said, f"port {served.port}, on which {served.program} listens",
                         served.place)  # fmt: skip
        given = [each for each in (service.entrypoint, service.command) if each]
        words = [word for each in given for word in each.words]
        if service.ports and given and is_hidden(words, given[-1].place):
            port = service.ports[0]
            said = f"the server of `{service.name}` listens on a port that is set when it runs"
            yield _fault(given[-1].place, said, "the port that is published", port.place)


def _of_image(image: Image, programs: Programs) -> Iterator[Fault]:
    served, said = of_image(image, programs), list(exposed(image))
    for instruction, ports in said:
        if served and ports is None:
            place = Place(image.path, instruction.span)
            yield _fault(place, "EXPOSE names a port that is set when the image is built",
                         f"port {served.port}, on which {served.program} listens", served.place)  # fmt: skip
    last = {
        each.keyword: each
        for each in (image.stages[-1].instructions if image.stages else ())
        if each.keyword in ("ENTRYPOINT", "CMD")
    }
    words = [value.value for name in ("ENTRYPOINT", "CMD") if name in last for value in last[name].values]
    if last and said and said[0][1]:
        place = Place(image.path, (last.get("CMD") or last["ENTRYPOINT"]).span)
        if is_hidden(words, place):
            program = next(basename(word.split()[0]) for word in words if word)
            at = Place(image.path, said[0][0].span)
            yield _fault(place, f"{program} listens on a port that is set when it runs",
                         f"EXPOSE {min(said[0][1])}", at)  # fmt: skip


def _images(repository: Repository) -> Iterator[Fault]:
    pushed = list(pushed_of(repository))
    for each in deployed_of(repository):
        own = [one for one in pushed if one.name == each.name]
        hidden = next((one for one in (each, *own) if not is_plain(one.tag)), None)
        if own and hidden and all(one.tag != each.tag for one in own):
            said = f"{hidden.how} names {hidden.name} by a tag that is made when it runs"
            other = own[0] if hidden is each else each
            yield _fault(hidden.place, said, f"the tag of {other.how}", other.place)


def _probes(repository: Repository) -> Iterator[Fault]:
    """Health paths against routes, where one of the two is made when it runs."""
    apis = repository.derive(apis_of)
    for probe in repository.derive(probes_of):
        asked = asked_of(apis, probe)
        if not asked:
            continue
        app = Place(asked[0].file, asked[0].app.span)
        if not probe.is_known:
            said = f"{probe.who} asks for a path that is made when it runs"
            yield _fault(probe.place, said, f"the routes of {asked[0].file}", app)
        elif any(not api.is_whole for api in asked) and not any(api.at(probe.path) for api in asked):
            said = f"{probe.who} asks for {probe.path}, and {asked[0].file} makes routes when it runs"
            yield _fault(probe.place, said, "its routes", app)


def _names(repository: Repository) -> Iterator[Fault]:
    """Names of scripts, secrets and task definitions that an expression or a variable makes."""
    scripts = {each.directory: each for each in repository.facts(Package)}
    recipes = {each.directory: each for each in repository.facts(Recipes)}
    for each in repository.derive(ci_commands_of):
        run = launch(each.command.words)
        there: Package | Recipes | None = None
        if (
            isinstance(run, PackageRun)
            and (run.certain or run.manager == "npm")
            and _is_made(run.script.text)
        ):
            there = scripts.get(each.folder or "")
        elif isinstance(run, RecipeRun) and any(_is_made(name.text) for name in run.names):
            there = recipes.get(each.folder or "")
        if there:
            said = f"the job `{each.job.id}` runs a script that is named when it runs"
            yield _fault(each.place, said, f"the names in {there.path}", Place(there.path, Span(0, 0)))
    for task in repository.derive(registered_of):
        tasks = repository.facts(TaskDefinition)
        if isinstance(task, Unsure) and tasks:
            said = f"{task.text} is known when it runs"
            yield _fault(
                task.place, said, f"the task definition {tasks[0].path}", Place(tasks[0].path, tasks[0].span)
            )


def _is_made(name: str | None) -> bool:
    return name is None or "${{" in name


def _secrets(repository: Repository) -> Iterator[Fault]:
    for workflow in repository.facts(Workflow):
        for each in uses_in(workflow):
            if not each.name:
                said = f"`{each.written}` names one of the {each.kind} when it runs"
                yield _fault(each.place, said, "the policy's list of secrets and variables", None)


def _fault(place: Place, said: str, other: str, there: Place | None) -> Fault:
    return Fault(
        place,
        f"{said}: it is not held against {other}",
        (Related(there, "what it would have to agree with"),) if there else (),
        severity=Severity.INFO,
    )

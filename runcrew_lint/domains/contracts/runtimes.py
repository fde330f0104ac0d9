"""Which version of a language each part of a repository runs, is tested on, and says that it wants.

A part is a folder with a manifest of the language or a Dockerfile. What counts is what runs: the image that
is shipped; where there is none, the file that pins the version for whoever works on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.context import copied
from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.purpose import by_path
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of
from runcrew_lint.domains.contracts.facts import Pins
from runcrew_lint.domains.contracts.numbers import Numbers, numbers
from runcrew_lint.domains.contracts.tree import Tree, tree_of, under
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.workflows.facts import Job, Step, Text, Workflow
from runcrew_lint.domains.workflows.matrix import combinations
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts


@frozen
class Language:
    """What tells a language's versions.

    Arguments:
        images: the last step of the names of its official images.
        actions: the actions that set it up, with their input.
        manifests: the files that make a folder a part of its own.
        tests: the programs that run the part's code in a job.
        refused: what becomes of a part that wants another version; "" where it is installed all the same.
    """

    subject: str
    title: str
    images: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    manifests: tuple[str, ...]
    tests: re.Pattern[str]
    refused: str = ""


PYTHON = Language(
    "python",
    "Python",
    ("python",),
    (("actions/setup-python", "python-version"), ("astral-sh/setup-uv", "python-version")),
    ("pyproject.toml", "requirements.txt", "setup.py", "Dockerfile", "Pipfile", "alembic.ini"),
    re.compile(r"(?:py\.?test|unittest|manage\.py|coverage|nose2?tests?)\Z"),
    "its package manager refuses to install it there",
)
NODE = Language(
    "node",
    "Node",
    ("node",),
    (("actions/setup-node", "node-version"), ("pnpm/action-setup", "node-version")),
    ("package.json", "Dockerfile"),
    re.compile(r"(?:npm|pnpm|yarn|npx|jest|vitest|mocha|tsc|eslint|node)\Z"),
)
_UNSHIPPED = lazily(
    r"(?:\A|[/._-])(?:tests?|ci|dev|docs?|examples?|devcontainer|e2e|tools?|scripts?)(?:[/._-]|\Z)"
)


class Said(NamedTuple):
    """A version that one place says; `what` is the place in words."""

    version: Numbers
    written: str
    place: Place
    what: str


class Tested(NamedTuple):
    """A job that runs a part's code: the versions that it does so on, none where they are not known."""

    job: Job
    versions: tuple[Said, ...]
    place: Place


@frozen
class PartVersions:
    """What one part's files say; `runs` is the image's word, or None, `built` what its app is built with: by
    EAS, or in a stage whose files a web server then hands out.
    """

    folder: str
    runs: Said | None
    pinned: tuple[Said, ...]
    wanted: tuple[Said, ...]
    tested: tuple[Tested, ...]
    built: tuple[Said, ...] = ()


def parts_of(repository: Facts, language: Language) -> Iterator[PartVersions]:
    """Every part of a language for which an image or a file says a version."""
    tree = tree_of(tuple(repository.worktree.paths))
    images: dict[str, list[Said]] = {}
    builders: dict[str, list[Said]] = {}
    for image in repository.facts(Image):
        if _UNSHIPPED.search(image.path) or by_path(image.path) in (Purpose.TEST, Purpose.DEVELOPMENT):
            continue
        if said := _base(image, language):
            images.setdefault(_shipped(image, tree, language), []).append(said)
        elif language is NODE and (said := _builder(image)):
            folder = dirname(image.path)
            if join(folder, "package.json") in tree.files:
                builders.setdefault(folder, []).append(said)
    pins = [each for each in repository.facts(Pins) if each.pin(language.subject)]
    jobs = list(_jobs(repository, tree, language))
    folders = {*images, *builders, *(_part(each.directory, tree, language) for each in pins)}
    if language is NODE:
        folders |= {_part(dirname(each.path), tree, language) for each in repository.facts(EasConfig)}
    for folder in sorted(folders):
        shipped = {each.version[:2]: each for each in images.get(folder, ())}
        exact = [each for each in pins if not _is_range(each)]
        own = [each for each in exact if each.directory == folder]
        yield PartVersions(
            folder,
            next(iter(shipped.values())) if len(shipped) == 1 else None,
            tuple(_pinned(each, language) for each in own or exact if each.directory in (folder, "")),
            tuple(_pinned(each, language) for each in pins if _is_range(each) and each.directory == folder),
            tuple(tested for part, tested in jobs if part == folder),
            (*builders.get(folder, ()), *_built(repository, folder)) if language is NODE else (),
        )


def _built(repository: Facts, folder: str) -> Iterator[Said]:
    """The versions that EAS builds the app of a folder with."""
    for config in repository.facts(EasConfig):
        if dirname(config.path) != folder:
            continue
        for profile in config.builds:
            for platform in profile.platforms[:1]:
                found = platform.get("node")
                if found and found.span and isinstance(found.value, str) and found.profile == profile.name:
                    place = Place(config.path, found.span)
                    yield Said(numbers(found.value), found.value, place, f"the profile `{profile.name}`")


def _is_range(pins: Pins) -> bool:
    return pins.name in ("package.json", "pyproject.toml")


def _pinned(pins: Pins, language: Language) -> Said:
    pin = next(each for each in pins.pins if each.subject == language.subject)
    return Said(numbers(pin.written), pin.written, Place(pins.path, pin.span), pins.path)


def _part(folder: str, tree: Tree, language: Language) -> str:
    """The part that a folder belongs to: the nearest one upwards with a manifest, or itself."""
    part = folder
    while not any(join(part, name) in tree.files for name in language.manifests):
        if not part:
            return folder
        part = dirname(part)
    return part


def _shipped(image: Image, tree: Tree, language: Language) -> str:
    """The part that an image ships: its own folder's; at the root, the one that all it copies is of."""
    if dirname(image.path):
        return _part(dirname(image.path), tree, language)
    paths = [
        normpath(source.lstrip("/"))
        for stage in image.stages
        for each in stage.instructions
        for source in copied(each)
    ]
    folders = {_part(path if path in tree.folders else dirname(path), tree, language) for path in paths}
    return folders.pop() if len(folders) == 1 else _part("", tree, language)


def _base(image: Image, language: Language) -> Said | None:
    """The version of the image that ships, by its own base or that of the stage it is built from."""
    return _of_stage(image, image.stages[-1] if image.stages else None, language)


def _builder(image: Image) -> Said | None:
    """The version of Node that makes what the shipped stage takes, where that has none of its own."""
    if len(image.stages) < 2:
        return None
    taken = {flag.value.lower() for each in image.stages[-1].instructions if (flag := each.flag("from"))}
    found = {
        said.version: said
        for stage in image.stages[:-1]
        if {stage.name, str(stage.index)} & taken and (said := _of_stage(image, stage, NODE))
    }
    return found.popitem()[1] if len(found) == 1 else None


def _of_stage(image: Image, stage: Stage | None, language: Language) -> Said | None:
    while stage is not None and stage.base.stage is not None:
        stage = image.stages[stage.base.stage]
    written = stage.base.reference if stage else None
    found = parse(written.value) if written and written.value else None
    if found is None or written is None or basename(found.name) not in language.images:
        return None
    version = numbers(found.tag)
    tag = found.tag if len(found.tag) <= 20 else f"{found.tag[:17]}..."
    name = f"{basename(found.name)}:{tag}"
    return Said(version, name, Place(image.path, written.span), image.path) if version else None


def _jobs(repository: Facts, tree: Tree, language: Language) -> Iterator[tuple[str, Tested]]:
    """Each job for each part whose code it runs."""
    ran: dict[tuple[str, str], tuple[Workflow, Job, set[str]]] = {}
    for each in repository.derive(ci_commands_of):
        key = (each.workflow.path, each.job.id)
        known = ran.setdefault(key, (each.workflow, each.job, set()))
        known[2].update(_run(each, tree, language))
    for workflow, job, parts in ran.values():
        versions = _versions(workflow, job, language)
        if versions is not None:
            for part in sorted(parts):
                yield part, Tested(job, versions, Place(workflow.path, job.span))


def _run(each: CiCommand, tree: Tree, language: Language) -> Iterator[str]:
    """The parts whose code a command runs."""
    texts = [text or "" for text in each.texts]
    if each.folder is None or not any(language.tests.match(basename(text)) for text in texts[:4]):
        return
    if language is NODE:
        at = next((at for at, text in enumerate(texts) if text in ("--prefix", "-C", "--cwd", "--dir")), None)
        inner = under(each.folder, texts[at + 1]) if at is not None and at + 1 < len(texts) else each.folder
        yield _part(inner if inner is not None else each.folder, tree, language)
        return
    folders = {_part(each.folder, tree, language)}
    for text in texts[1:]:
        path = under(each.folder, text.partition("::")[0]) if "/" in text and text[:1] != "-" else None
        if path and path in tree.folders:
            folders.add(_part(path, tree, language))
        elif path and path in tree.files:
            folders.add(_part(dirname(path), tree, language))
    if len(folders) > 1:
        folders.discard(_part(each.folder, tree, language))
    yield from folders


def _versions(workflow: Workflow, job: Job, language: Language) -> tuple[Said, ...] | None:
    """What a job sets up; nothing where it is not known, None where the job sets nothing up."""
    found: list[Said] = []
    for step in job.steps:
        said = _set_up(step, language)
        if said is None:
            continue
        what = f"the job `{job.id}`"
        for written in _texts(said, job):
            if written is None or not numbers(written):
                return ()
            found.append(Said(numbers(written), written, Place(workflow.path, said.span), what))
    return tuple(found) or None


def _set_up(step: Step, language: Language) -> Text | None:
    name = step.uses.value.partition("@")[0].lower() if step.uses else ""
    wanted = next((given for action, given in language.actions if action == name), None)
    pair = step.input(wanted) if wanted else None
    return Text(pair.value, pair.span) if pair else None


def _texts(said: Text, job: Job) -> Iterator[str | None]:
    """The versions of an input: one, several lines, or those of the matrix; None for what is not known."""
    found = re.fullmatch(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}", said.value.strip())
    if found:
        made = combinations(job)
        if made is None:
            axis = next((each for each in job.matrix if each.name == found[1]), None)
            values = (
                [dict(cell).get(found[1].lower()) for cell in axis.cells]
                if axis and not axis.open
                else [None]
            )
            yield from values
            return
        yield from dict.fromkeys(each.get(found[1].lower()) for each in made)
    elif "${{" in said.value:
        yield None
    else:
        yield from (line.strip() for line in said.value.splitlines() if line.strip())

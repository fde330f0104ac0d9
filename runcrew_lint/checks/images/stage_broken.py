"""stage-broken: a stage whose name is taken twice, or one that a COPY or a build asks for in vain."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath

from runcrew_lint.domains.containers.context import contexts_of
from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.domains.contracts.tree import under
from runcrew_lint.domains.workflows.facts import Pair, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_ALIKE = 0.75  # how alike a name and a stage's must be to be a slip of the same one


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults in the Dockerfile itself, and at each stage that compose or a workflow asks for in vain."""
    contexts = repository.derive(contexts_of)
    images = {each.path: each for each in repository.facts(Image)}
    for image in images.values():
        yield from _in_itself(image)
        for each in contexts.builds(image):
            target = each.service.build.target if each.service.build else None
            if target is not None and target.value:
                yield from _asked(image, target.value, target.place, f"`{each.service.name}`")
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                if built := _built(step):
                    path, target_said = built
                    place = Place(workflow.path, target_said.span)
                    if path in images:
                        yield from _asked(images[path], target_said.value, place, "this step")


def _built(step: Step) -> tuple[str, Pair] | None:
    """The Dockerfile of a docker/build-push-action, where it is written out, and the stage it asks for."""
    action = action_of(step.uses.value) if step.uses else ""
    target, file, context = (step.input(each) for each in ("target", "file", "context"))
    if not action.endswith("/build-push-action") or target is None or not target.value:
        return None
    folder = under("", context.value) if context else ""
    if folder is None:
        return None
    return normpath(file.value if file else join(folder, "Dockerfile")), target


def _asked(image: Image, name: str, place: Place, who: str) -> Iterator[Fault]:
    named = [each.name for each in image.stages if each.name]
    if name.lower() in named or "$" in name or (name.isdigit() and int(name[:6]) < len(image.stages)):
        return
    near = nearest(name.lower(), named, _ALIKE)
    yield Fault(
        place,
        f"{who} builds the stage {name}, and {image.path} has none of that name: the build stops"
        + (f"; did you mean {near}" if near else ""),
        (Related(Place(image.path, Span(0, 0)), "its stages are here"),),
        help=f"name a stage that is there: {', '.join(named[:6])}" if named else "give the stage that name",
    )


def _in_itself(fact: Image) -> Iterator[Fault]:
    """Faults at a second stage of one name, and at each `--from` that names no stage which can be read.

    Another image may be copied from, too, so an unknown name is a fault only where it is a stage's with a
    slip in it. BuildKit lets a stage copy from a later one; only from itself it can't.
    """
    yield from _doubled(fact)
    for stage in fact.stages:
        for each in stage.instructions:
            origin = each.flag("from")
            if each.keyword not in ("COPY", "ADD") or origin is None or "$" in origin.value:
                continue
            wrong = _wrong(origin.value.lower(), stage, fact)
            if wrong:
                yield Fault(Place(fact.path, origin.span), wrong)


def _doubled(fact: Image) -> Iterator[Fault]:
    first: dict[str, Stage] = {}
    for stage in fact.stages:
        if stage.name and stage.name in first:
            yield Fault(
                Place(fact.path, stage.span),
                f"a stage before this one is called {stage.name}, too, so `--target {stage.name}` and a COPY "
                "from it depend on which of the two the builder takes",
                related=(Related(Place(fact.path, first[stage.name].span), "the first of that name"),),
            )
        first.setdefault(stage.name, stage)


def _wrong(name: str, stage: Stage, fact: Image) -> str:
    named = [each for each in fact.stages if each.name]
    if any(each.name == name for each in named):
        others = [each for each in named if each.name == name and each.index != stage.index]
        return "" if others else f"the stage {name} copies from itself, which stops the build"
    if name.isdigit():
        if int(name[:6]) == stage.index:
            return f"stage {name} is this one, and a copy from itself stops the build"
        count = len(fact.stages)
        if int(name[:6]) < count:
            return ""
        return f"there is no stage {name}: the file has {count}, counted from 0, so the build stops here"
    if any(mark in name for mark in ":/@"):
        return ""
    near = nearest(name, [each.name for each in named], _ALIKE)
    if not near:
        return ""
    return f"no stage is called {name}, so the builder looks for an image of that name; did you mean {near}"

"""stage-broken: a build stage whose name is taken twice, or a COPY from a stage that can't be there."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ALIKE = 0.75  # how alike a name and a stage's must be to be a slip of the same one


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
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

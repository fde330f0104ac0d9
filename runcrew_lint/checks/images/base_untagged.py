"""base-untagged: a stage built from an image without a version."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.bases import is_published, is_versioned_by_name
from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ARGUMENT = lazily(r"\$(?:\w+|\{\w+\})")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """Faults at each FROM whose image has no tag, or `latest`; an unknown one, and one that is built on the
    machine itself, says nothing. One that a build argument names whole is only what stands in for it; a tag
    that follows releases alone brings less than latest does.
    """
    stages = {each.name for each in fact.stages}
    for stage in fact.stages:
        base = stage.base
        image = base.reference.value
        if base.stage is not None or image is None or image == "scratch" or _is_idle(stage, fact):
            continue
        reference = parse(image)
        if reference is None or reference.is_pinned or is_versioned_by_name(reference.name):
            continue
        if reference.name not in stages and not is_published(reference.name):
            continue
        lack = f"is tagged {reference.tag}" if reference.tag else "has no tag, which means latest"
        yield Fault(
            Place(fact.path, base.reference.span),
            f"the base image {reference.name} {lack}, so the same commit builds on another version "
            "as soon as the image is pushed again",
            related=tuple(
                Related(Place(fact.path, setting.span), f"{setting.name} gets its default here")
                for setting in base.rests_on
            ),
            severity=(
                Severity.INFO
                if _ARGUMENT.fullmatch(base.reference.written)
                else (Severity.WARNING if reference.is_release else None)
            ),
        )


def _is_idle(stage: Stage, fact: Image) -> bool:
    """Whether a stage says nothing of its own, and no other one names it: it is never even pulled."""
    if stage.instructions or stage is fact.stages[-1]:
        return False
    if any(each.base.stage == stage.index for each in fact.stages):
        return False
    said = (flag.value for each in fact.stages for run in each.instructions for flag in run.flags)
    return not any("$" in text or str(stage.index) in text or stage.name in text.lower() for text in said)

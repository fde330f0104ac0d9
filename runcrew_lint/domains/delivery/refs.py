"""Which occasions to try: the policy's branches and tags by example, and every ref that a workflow names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.globs import is_literal, matches
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy

_BRANCH_STARS = ("example", "login-screen", "1")
_TAG_STARS = ("1.0.0", "1", "1.0", "example")
_OTHER_TAGS = ("nightly", "example")
# A ref in a condition; behind startsWith( it is a prefix, for which an example is made.
_REF = lazily(r"(startsWith\([^,()]*,\s*')?refs/(heads|tags)/([\w./-]*[\w-])(?![\w./*-])")
# Events that run on a ref of their own; every other event of a workflow is tried once, on any ref.
_OWN_REF = frozenset(
    (
        "push",
        "pull_request",
        "pull_request_target",
        "release",
        "workflow_call",
        "workflow_run",
        "workflow_dispatch",
    )
)
# The causes of a run after which another workflow may follow.
_FOLLOWED = ("push", "pull_request")
MAX_OCCASIONS = 400  # a bound for repositories that name hundreds of refs


def occasions(policy: Policy, workflows: Iterable[Workflow]) -> tuple[Occasion, ...]:
    """Every occasion worth trying, each once, in a stable order."""
    found: dict[Occasion, None] = {}
    branches = [*policy.branches, *(each.branch for each in policy.environments if each.branch)]
    tags = [*policy.release_tags, *(each.tag for each in policy.environments if each.tag)]
    heads = [
        (name, pattern) for pattern in dict.fromkeys(branches) for name in _examples(pattern, _BRANCH_STARS)
    ]
    releases = [(name, pattern) for pattern in dict.fromkeys(tags) for name in _examples(pattern, _TAG_STARS)]
    others = [(name, "") for name in _OTHER_TAGS if not matches(tags, name)][:1]
    workflows = tuple(workflows)
    there = {
        kind: {name for name, _ in (*known, *others)}
        for kind, known in ((RefKind.BRANCH, heads), (RefKind.TAG, releases))
    }
    for kind, name in _named(workflows):
        known = heads if kind is RefKind.BRANCH else releases
        if name not in there[kind]:
            there[kind].add(name)
            of = next(
                (each for each in (branches if kind is RefKind.BRANCH else tags) if matches((each,), name)),
                "",
            )
            known.append((name, of))
    source = next((name for name, pattern in heads if not is_literal(pattern)), "example")
    default = policy.default_branch
    events = {each.event for workflow in workflows for each in workflow.triggers}
    for name, pattern in heads:
        found[Occasion("push", RefKind.BRANCH, name, "", pattern, "", default)] = None
        for event in ("pull_request", "pull_request_target"):
            found[Occasion(event, RefKind.PULL, source, name, pattern, "", default)] = None
    for name, pattern in (*releases, *others):
        found[Occasion("push", RefKind.TAG, name, "", pattern, "", default)] = None
        found[Occasion("release", RefKind.TAG, name, "", pattern, "", default)] = None
    for kind, refs in ((RefKind.BRANCH, heads), (RefKind.TAG, [*releases, *others])):
        for name, pattern in refs:
            found[Occasion("workflow_dispatch", kind, name, "", pattern, "", default)] = None
    if "workflow_run" in events:
        for each in tuple(found):
            if each.event in _FOLLOWED and each.kind in (RefKind.BRANCH, RefKind.PULL):
                after = Occasion(
                    "workflow_run", RefKind.AFTER, each.name, each.base, each.pattern, each.event, default
                )
                found[after] = None
    for event in sorted(events - _OWN_REF):
        found[Occasion(event, RefKind.ANY, "", default=default)] = None
    return tuple(found)[:MAX_OCCASIONS]


def examples_of(tag: str) -> tuple[str, ...]:
    """A tag that a pattern of tags matches, such as v1.0.0 of `v*`."""
    return _examples(tag, _TAG_STARS)


def _examples(pattern: str, stars: Iterable[str]) -> tuple[str, ...]:
    """One name that the pattern matches; the pattern itself where it is one."""
    if is_literal(pattern):
        return (pattern,)
    plain = re.sub(r"\[([^\]!^-])[^\]]*\]", r"\1", pattern).replace("+", "").replace("?", "")
    for star in stars:
        name = re.sub(r"\*+", star, plain)
        if matches((pattern,), name):
            return (name,)
    return ()


def _named(workflows: Iterable[Workflow]) -> Iterator[tuple[RefKind, str]]:
    """The refs that filters and conditions name without a wildcard."""
    for workflow in workflows:
        for trigger in workflow.triggers:
            for each in trigger.filters:
                kind = each.kind.removesuffix("-ignore")
                if kind in ("branches", "tags"):
                    names = (pattern.value.removeprefix("!") for pattern in each.patterns)
                    ref = RefKind.BRANCH if kind == "branches" else RefKind.TAG
                    yield from ((ref, name) for name in names if is_literal(name))
        for text in _texts(workflow):
            for start, heads, name in _REF.findall(text):
                rest = _TAG_STARS[0] if start and heads == "tags" else ""
                yield (RefKind.BRANCH if heads == "heads" else RefKind.TAG), name + rest


def _texts(workflow: Workflow) -> Iterator[str]:
    for job in workflow.jobs:
        if job.condition:
            yield job.condition.value
        yield from (each.value for each in (*job.env, *job.outputs))
        for step in job.steps:
            if step.condition:
                yield step.condition.value
            if step.run and step.run.statements is not None:
                yield step.run.script

"""Which occasions start a workflow, and what `github` holds then."""

from __future__ import annotations

from typing import Any

import pytest

from runcrew_lint.domains.workflows.occasion import Occasion, RefKind, dispatched, github, starts
from tests.workflows.reading import workflow

MAIN = Occasion("push", RefKind.BRANCH, "main")
TAG = Occasion("push", RefKind.TAG, "v1.0.0")
PULL = Occasion("pull_request", RefKind.PULL, "feature/a", "develop")
RELEASE = Occasion("release", RefKind.TAG, "v1.0.0")
MANUAL = Occasion("workflow_dispatch", RefKind.ANY, "")
JOBS = "\njobs: {a: {runs-on: x, steps: [{run: y}]}}\n"


@pytest.mark.parametrize(
    ("on", "started"),
    [
        ("on: push", [MAIN, TAG]),
        ("on: [push, release]", [MAIN, TAG, RELEASE]),
        ("on: {push: }", [MAIN, TAG]),
        ("on: {push: {branches: [main]}}", [MAIN]),
        ("on: {push: {branches: [dev]}}", []),
        ("on: {push: {branches-ignore: [dev]}}", [MAIN]),
        ("on: {push: {tags: ['v*']}}", [TAG]),
        ("on: {push: {tags-ignore: ['x*']}}", [TAG]),
        ("on: {push: {tags: ['v*'], branches: [main]}}", [MAIN, TAG]),
        ("on: {push: {tags: ['v*'], branches-ignore: [main]}}", [TAG]),
        ("on: {push: {branches: ['**', '!main']}}", []),
        ("on: {push: {paths: ['app/**']}}", [MAIN, TAG]),
        ("on: {pull_request: {branches: [develop]}}", [PULL]),
        ("on: {pull_request: {branches: ['feature/**']}}", []),
        ("on: pull_request", [PULL]),
        ("on: {workflow_dispatch: {inputs: {}}}", [MANUAL]),
    ],
)
def test_starts(on: str, started: list[Occasion]) -> None:
    fact = workflow(on + JOBS)
    assert [each for each in (MAIN, TAG, PULL, RELEASE, MANUAL) if starts(fact, each)] == started


@pytest.mark.parametrize(
    ("occasion", "path", "value"),
    [
        (MAIN, "ref", "refs/heads/main"),
        (MAIN, "ref_name", "main"),
        (MAIN, "ref_type", "branch"),
        (MAIN, "head_ref", ""),
        (MAIN, "event.pull_request.number", None),
        (MAIN, "event.inputs.profile", None),
        (MAIN, "event.ref", "refs/heads/main"),
        (TAG, "ref", "refs/tags/v1.0.0"),
        (TAG, "ref_type", "tag"),
        (PULL, "ref", "refs/pull/1/merge"),
        (PULL, "ref_name", "1/merge"),
        (PULL, "head_ref", "feature/a"),
        (PULL, "base_ref", "develop"),
        (PULL, "event.pull_request.base.ref", "develop"),
        (PULL, "event_name", "pull_request"),
        (RELEASE, "event.release.tag_name", "v1.0.0"),
        (RELEASE, "event.release.prerelease", False),
        (RELEASE, "event.action", "published"),
        (MANUAL, "event.inputs.flag", ("true", "false")),
        (MANUAL, "event.inputs.pick", ("a", "b")),
        (MANUAL, "event.inputs.nothing", None),
        (MANUAL, "event.inputs.free", ()),
        (MANUAL, "ref", ()),
        (MAIN, "actor", ()),
        (MAIN, "event.head_commit.message", ()),
    ],
)
def test_github(occasion: Occasion, path: str, value: Any) -> None:
    inputs = "{free: , flag: {type: boolean}, pick: {type: choice, options: [a, b]}}"
    release = "release: {types: [published]}"
    on = f"on: {{push: , pull_request: , {release}, workflow_dispatch: {{inputs: {inputs}}}}}"
    trigger = starts(workflow(on + JOBS), occasion)
    assert trigger is not None
    found = github(trigger, occasion, tuple(path.split(".")))
    assert found.options == (value if isinstance(value, tuple) else (value,))
    assert found.reason or found.is_known


def test_an_input_that_is_not_declared_is_null() -> None:
    trigger = starts(workflow("on: workflow_dispatch" + JOBS), MANUAL)
    assert trigger is not None
    assert dispatched(trigger, "x").options == (None,)

"""schemas/workflow.schema.json: what is its own, and its agreement with another schema on real files.

The other one is what check-jsonschema ships for workflows. RUNCREW_REAL names a folder of public
repositories to compare on; without it the repositories under fixtures/ are compared.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.model.errors import Unreadable
from tests.schemas.schema_cases import ROOT, Case, Subject, load, place, read_cases

TEMPLATES = {
    "text": "@",
    "on": "on: @\njobs: {j: {runs-on: u, steps: [{run: x}]}}\n",
    "cron": "on: {schedule: [{cron: '@'}]}\njobs: {j: {runs-on: u, steps: [{run: x}]}}\n",
    "root": "on: push\njobs: {j: {runs-on: u, steps: [{run: x}]}}\n@\n",
    "jobs": "on: push\njobs: @\n",
    "job": "on: push\njobs: {j: {runs-on: u, steps: [{run: x}], @}}\n",
    "runs-on": "on: push\njobs: {j: {runs-on: @, steps: [{run: x}]}}\n",
    "call": "on: push\njobs: {j: {uses: ./.github/workflows/w.yml, @}}\n",
    "step": "on: push\njobs: {j: {runs-on: u, steps: [{@}]}}\n",
}


def _inputs(count: int) -> str:
    inputs = ", ".join(f"i{number}: null" for number in range(count))
    return TEMPLATES["on"].replace("@", f"{{workflow_dispatch: {{inputs: {{{inputs}}}}}}}")


def _job_called(name: str) -> str:
    return TEMPLATES["jobs"].replace("@", f"{{{name}: {{runs-on: u, steps: [{{run: x}}]}}}}")


LIMIT = "a documented limit"
LIMITS = [
    Case("25 inputs", _inputs(25)),
    Case("a job id of 99 characters", _job_called("j" * 99)),
    Case("a group of 400 characters", TEMPLATES["root"].replace("@", f"concurrency: {'g' * 400}")),
    Case("a long script", TEMPLATES["step"].replace("@", f"run: '${{{{ x }}}}{'x' * 20_992}'")),
    Case("a longer one without an expression", TEMPLATES["step"].replace("@", f"run: {'x' * 30_000}")),
    Case("26 inputs", _inputs(26), "on/workflow_dispatch/inputs", "25", LIMIT),
    Case("a job id too long", _job_called("j" * 100), "jobs", "99", LIMIT),
]
LIMITS += [
    Case(f"{name} too long", TEMPLATES[kind].replace("@", text), where, says, LIMIT)
    for name, kind, text, where, says in (
        ("a script", "step", f"run: '${{{{ x }}}}{'x' * 21_000}'", "jobs/j/steps/0/run", "21,000"),
        ("a group name", "root", f"concurrency: {'g' * 401}", "concurrency", "400"),
        ("a step id", "step", f"run: x, id: {'s' * 100}", "jobs/j/steps/0/id", "99"),
        ("a group", "root", f"concurrency: {{group: {'g' * 401}}}", "concurrency/group", "400"),
        (
            "a custom type",
            "on",
            f"{{repository_dispatch: {{types: {'t' * 101}}}}}",
            "on/repository_dispatch/types",
            "",
        ),
    )
]
# Places below which the author, not GitHub, decides: keys, and in a matrix values too.
OPEN_KEYS = re.compile(r"(.*/)?(env|outputs|with|services|matrix|matrix/.+)|jobs/[^/]+/secrets")
OPEN_VALUES = re.compile(r".*/matrix/.+")

WORKFLOW = Subject(
    "workflow",
    "github-workflows",
    [*read_cases("workflow_cases.yaml", TEMPLATES), *LIMITS],
    OPEN_KEYS,
    OPEN_VALUES,
)


def test_the_schema_names_what_it_was_written_from() -> None:
    assert "Workflow syntax for GitHub Actions" in WORKFLOW.schema["$comment"]
    assert "Events that trigger workflows" in WORKFLOW.schema["$comment"]
    assert "2026-11" in WORKFLOW.schema["$comment"]


EVENTS = load((Path(__file__).parent / "workflow_events.yaml").read_text(encoding="utf-8"))
TWINS = ("branches", "tags", "paths")


def filters(event: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """Filters of an event, with whether it takes them."""
    needs = EVENTS[event].get("needs", {})
    types = EVENTS[event].get("types", [])
    for kind in types:
        yield needs | {"types": kind}, True
        yield needs | {"types": [kind]}, True
    yield needs | {"types": "sometimes"}, False
    yield needs | {"types": ["sometimes"]}, False
    own = EVENTS[event].get("filters", [])
    for name in (*TWINS, "names", "versions"):
        for twin in (name, f"{name}-ignore") if name in TWINS else (name,):
            yield needs | {twin: ["x"]}, name in own
            yield needs | {twin: "x"}, name in own
            yield needs | {twin: [["x"]]}, False
        if name in TWINS:
            yield needs | {name: ["x"], f"{name}-ignore": ["y"]}, False
            yield needs | {name: ["!x"]}, False
            yield needs | {f"{name}-ignore": ["!x"]}, name in own


def test_the_events_are_the_documented_ones() -> None:
    known = WORKFLOW.schema["definitions"]["event-name"]["allOf"][0]["enum"]
    others = {"repository_dispatch", "schedule", "workflow_call", "workflow_dispatch"}
    assert (
        set(known)
        == set(EVENTS) | others
        == set(WORKFLOW.schema["definitions"]["events"]["allOf"][0]["properties"])
    )


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_takes_its_types_and_filters_and_no_others(event: str) -> None:
    jobs = load(TEMPLATES["on"].replace("@", "push"))["jobs"]
    for value, taken in filters(event):
        assert WORKFLOW.ours.is_valid({"on": {event: value}, "jobs": jobs}) == taken, value
    assert WORKFLOW.ours.is_valid({"on": {event: None}, "jobs": jobs}) == ("needs" not in EVENTS[event])
    assert not WORKFLOW.ours.is_valid({"on": {event: ["x"]}, "jobs": jobs})


# What may stand in a step beside the key that says what it does.
COMMON = {"name": "n", "id": "s", "continue-on-error": True}
ACTIVE = {"if": "x", "env": {}, "timeout-minutes": 1, "background": True}
STEPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "run": ("x", {**COMMON, **ACTIVE, "shell": "sh", "working-directory": "d"}),
    "uses": ("a/b@v1", {**COMMON, **ACTIVE, "with": {}}),
    "wait": ("a", COMMON),
    "wait-all": (None, COMMON),
    "cancel": ("a", COMMON),
    "parallel": ([{"run": "x"}], {}),
}
STEP_KEYS: dict[str, Any] = {
    key: value for kind, (value, beside) in STEPS.items() for key, value in [(kind, value), *beside.items()]
}


def steps() -> Iterator[tuple[Any, bool]]:
    """Every pair of step keys, of which one says what the step does, and whether they go together."""
    for kind, (value, beside) in STEPS.items():
        for key in STEP_KEYS:
            yield {kind: value, key: STEP_KEYS[key]}, key == kind or key in beside


def test_a_step_takes_the_keys_of_its_kind_and_no_others() -> None:
    for step, taken in steps():
        document = {"on": "push", "jobs": {"j": {"runs-on": "u", "steps": [step]}}}
        assert WORKFLOW.ours.is_valid(document) == taken, step


def test_every_scope_of_the_token_takes_its_accesses_and_no_others() -> None:
    jobs = load(TEMPLATES["on"].replace("@", "push"))["jobs"]
    unlike = {"id-token": {"write", "none"}, "copilot-requests": {"write", "none"}}
    unlike |= {"models": {"read", "none"}, "vulnerability-alerts": {"read", "none"}}
    scopes = WORKFLOW.schema["definitions"]["permissions"]["allOf"][0]["properties"]
    assert unlike.keys() < scopes.keys()
    for scope in scopes:
        for access in ("read", "write", "none", "admin"):
            document = {"on": "push", "permissions": {scope: access}, "jobs": jobs}
            assert WORKFLOW.ours.is_valid(document) == (
                access in unlike.get(scope, {"read", "write", "none"})
            ), f"{scope}: {access}"


def _real_workflows() -> Iterator[tuple[Path, Any]]:
    folder = os.environ.get("RUNCREW_REAL")
    base, pattern = (Path(folder), "*") if folder else (ROOT / "fixtures", "*/*")
    for path in sorted(base.glob(f"{pattern}/.github/workflows/*.y*ml")):
        try:
            yield path, load(path.read_text(encoding="utf-8-sig"), path.name)
        except Unreadable:  # another rule's finding
            continue


def _give_strategies_a_matrix(document: Any) -> None:
    for job in document["jobs"].values():
        strategy = job.get("strategy")
        if isinstance(strategy, str):
            job["strategy"] = {"matrix": strategy}
        elif strategy is not None:
            strategy.setdefault("matrix", {"only": [1]})


# What public workflows have that the shipped schema refuses though GitHub takes it: each is rewritten
# to the form which that schema knows, and then the two must agree.
REWRITES: dict[str, Callable[[Any], None]] = {
    "a strategy may have no matrix, or be an expression": _give_strategies_a_matrix,
}


def test_real_workflows_are_judged_alike() -> None:
    compared = 0
    unlike = []
    for path, document in _real_workflows():
        compared += 1
        errors = [(place(error), error.message) for error in WORKFLOW.ours.iter_errors(document)]
        if not errors and not WORKFLOW.theirs.accepts(document):
            for rewrite in REWRITES.values():
                rewrite(document)
        if WORKFLOW.theirs.accepts(document) == bool(errors):
            unlike.append((str(path), errors[:3]))
    assert compared, "no workflow to compare on"
    assert not unlike


def test_what_is_real_is_accepted() -> None:
    """The faults of fixtures/bad are planted."""
    files = [(path, document) for path, document in _real_workflows() if "bad" not in path.parts]
    refused = WORKFLOW.refused(files)
    assert len(refused) <= len(files) // 100, refused

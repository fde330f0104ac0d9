"""What actions do, by their inputs: data/actions.json."""

from __future__ import annotations

import json
import re

import pytest

from runcrew_lint.data import data_path
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.workflows.known_actions import Deed
from tests.delivery.mapping import delivery

ROWS = json.loads(data_path("data/actions.json").read_text("utf-8"))["actions"]


def edges(uses: str, inputs: str = "") -> list[tuple[str, str]]:
    """What a push to main comes to in a job with this step alone, and whether it is live."""
    given = f"        with: {{{inputs}}}\n" if inputs else ""
    text = (
        "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: {uses}@v1\n{given}"
    )
    found = delivery({".github/workflows/w.yml": text})
    return [
        (each.action.value, "live" if each.did.live else "")
        for each in found.edges
        if each.occasion.name == "main" and not each.occasion.base
    ]


@pytest.mark.parametrize(
    ("uses", "inputs", "does"),
    [
        ("changesets/action", "", []),
        ("changesets/action", "publish: npm run release", [("publish", "")]),
        ("changesets/action", "publish-script: npm run release", [("publish", "")]),
        ("cypress-io/github-action", "", [("test", "")]),
        ("cypress-io/github-action", "runTests: false", []),
        ("cypress-io/github-action", "runTests: '${{ vars.RUN }}'", [("test", "")]),
        ("azure/static-web-apps-deploy", "action: upload", [("deploy", "")]),
        ("azure/static-web-apps-deploy", "action: close", []),
        ("amondnet/vercel-action", "vercel-args: --prod", [("deploy", "live")]),
        ("amondnet/vercel-action", "target: production", [("deploy", "live")]),
        ("amondnet/vercel-action", "target: preview", [("deploy", "")]),
        ("googleapis/release-please-action", "skip-github-release: true", []),
        ("googleapis/release-please-action", "release-type: python", [("publish", "")]),
        ("docker/build-push-action", "push: true, tags: a", [("push", "")]),
        ("docker/build-push-action", "tags: a", [("package", "")]),
        ("docker/build-push-action", "push: false", [("package", "")]),
        (
            "docker/build-push-action",
            "push: \"${{ github.event_name == 'push' }}\"",
            [("push", "")],
        ),
        ("samkirkland/ftp-deploy-action", "dry-run: true", []),
        ("samkirkland/ftp-deploy-action", "server: a", [("copy", "")]),
        (
            "easingthemes/ssh-deploy",
            "REMOTE_HOST: a, SCRIPT_AFTER: docker compose up -d",
            [("copy", ""), ("deploy", "")],
        ),
        ("easingthemes/ssh-deploy", "REMOTE_HOST: a", [("copy", "")]),
    ],
)
def test_inputs_decide(uses: str, inputs: str, does: list[tuple[str, str]]) -> None:
    assert edges(uses, inputs) == does


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["uses"])
def test_a_row_says_what_it_rests_on(row: dict[str, object]) -> None:
    assert str(row["source"]).startswith("https://")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(row["read"]))
    deeds = row.get("does", [])
    assert isinstance(deeds, list)
    for deed in deeds:
        assert deed["action"] in set(Action)
        assert set(deed) <= set(Deed._fields)


EAS = """on:
  {event}: {{}}
jobs:
  one:
    type: {kind}
    params: {{{params}}}
"""


@pytest.mark.parametrize(
    ("event", "kind", "params", "does"),
    [
        ("pull_request", "maestro", "build_id: a, flow_path: b", {"test"}),
        ("pull_request", "maestro-cloud", "build_id: a, flows: b", {"test"}),
        ("pull_request", "maestro-cloud", "build_id: a, flows: b, async: true", set()),
        ("pull_request", "update", "channel: production", {"update"}),
        ("pull_request_labeled", "update", "channel: production", {"update"}),
        ("pull_request", "require-approval", "", set()),
        ("pull_request", "github-comment", "message: published", set()),
    ],
)
def test_jobs_of_eas_by_their_type(event: str, kind: str, params: str, does: set[str]) -> None:
    text = EAS.format(event=event, kind=kind, params=params)
    found = delivery({".eas/workflows/w.yml": text})
    assert {each.action.value for each in found.edges} == does
    assert all(each.occasion.event == "pull_request" for each in found.edges)


@pytest.mark.parametrize(
    ("uses", "inputs", "script", "goes_on"),
    [
        ("appleboy/ssh-action", "script", "alembic upgrade head; docker compose up -d", True),
        ("appleboy/ssh-action", "script", "set -e; alembic upgrade head; docker compose up -d", False),
        (
            "appleboy/ssh-action",
            "script_stop: true, script",
            "alembic upgrade head; docker compose up -d",
            False,
        ),
        (
            "appleboy/ssh-action",
            "script_stop: false, script",
            "alembic upgrade head; docker compose up -d",
            True,
        ),
        ("easingthemes/ssh-deploy", "SCRIPT_AFTER", "alembic upgrade head; docker compose up -d", True),
        ("nick-fields/retry", "command", "alembic upgrade head; docker compose up -d", True),
        ("nick-fields/retry", "command", "set -e; alembic upgrade head; docker compose up -d", False),
        ("devcontainers/ci", "runCmd", "alembic upgrade head; docker compose up -d", True),
        ("azure/cli", "inlineScript", "alembic upgrade head; docker compose up -d", False),
        ("azure/cli", "inlinescript", "alembic upgrade head; docker compose up -d", False),
        ("reactivecircus/android-emulator-runner", "script", "alembic upgrade head", False),
    ],
)
def test_a_script_on_another_machine_goes_on(uses: str, inputs: str, script: str, goes_on: bool) -> None:
    text = (
        "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: {uses}@v1\n        with: {{{inputs}: {script!r}}}\n"
    )
    found = delivery({".github/workflows/w.yml": text}).edges
    assert {each.forgiven for each in found if each.action is Action.MIGRATE} == {goes_on}


@pytest.mark.parametrize(
    ("uses", "inputs", "found"),
    [
        ("devcontainers/ci", "subFolder: api, runCmd: npm run up", True),
        ("devcontainers/ci", "working-directory: api, runCmd: npm run up", False),
        ("reactivecircus/android-emulator-runner", "working-directory: api, script: npm run up", True),
        ("azure/cli", "working-directory: api, inlineScript: npm run up", False),
    ],
)
def test_a_script_runs_where_its_action_says(uses: str, inputs: str, found: bool) -> None:
    text = (
        "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: {uses}@v1\n        with: {{{inputs}}}\n"
    )
    package = '{"scripts": {"up": "alembic upgrade head"}}'
    edges = delivery({".github/workflows/w.yml": text, "api/package.json": package}).edges
    assert (Action.MIGRATE in {each.action for each in edges}) is found

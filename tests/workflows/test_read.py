"""A workflow file as a fact."""

from __future__ import annotations

import json

import pytest

from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.read import read
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.workflows.reading import Files, problems_of, workflow

TEXT = """\
name: Build
on:
  push: {branches: [develop], tags: "v*"}
  schedule: [{cron: "0 1 * * *"}]
permissions: read-all
env: {LEVEL: 1, ON: true, NONE: }
defaults: {run: {working-directory: app}}
jobs:
  build:
    name: Build it
    needs: test
    if: github.ref == 'refs/heads/develop'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    environment: {name: staging}
    strategy:
      matrix:
        os: [ios, android]
        include: [{os: ios, extra: 1}, {os: web}]
    steps:
      - uses: ./.github/actions/eas
        with: {profile: staging}
      - id: go
        working-directory: mobile
        run: |
          echo hi
          ./release.sh --now
      - run: plain
  test: {runs-on: x, steps: [{run: pytest}]}
"""
ACTION = """\
inputs: {profile: {default: production}}
runs:
  using: composite
  steps:
    - {shell: bash, run: "eas build --profile ${{ inputs.profile }}"}
    - uses: ./.github/actions/eas
"""


def test_a_whole_workflow() -> None:
    files = Files({".github/actions/eas/action.yml": ACTION, "mobile/release.sh": "eas submit\n"})
    fact = read(Source(".github/workflows/w.yml", TEXT), files)
    assert [each.event for each in fact.triggers] == ["push", "schedule"]
    assert [(each.kind, [p.value for p in each.patterns]) for each in fact.triggers[0].filters] == [
        ("branches", ["develop"]),
        ("tags", ["v*"]),
    ]
    assert [each.value for each in fact.triggers[1].crons] == ["0 1 * * *"]
    assert [(each.name, each.value) for each in fact.env] == [("LEVEL", "1"), ("ON", "true"), ("NONE", "")]
    assert fact.permissions is not None
    assert fact.permissions[0].value == "read-all"
    build = fact.job("BUILD")
    assert build is not None
    assert build.environment is not None
    assert build.environment.value == "staging"
    assert [(each.name, each.cells, each.open) for each in build.matrix] == [
        ("os", ((("os", "ios"),), (("os", "android"),)), False),
    ]
    assert build.matrix_include == ((("os", "ios"), ("extra", "1")), (("os", "web"),))
    assert [each.value for each in build.needs] == ["test"]
    action, script, plain = build.steps
    assert action.input("PROFILE") is not None
    assert script.id == "go"
    assert script.run is not None
    assert script.run.statements
    assert TEXT[script.run.statements[1].span.start :].startswith("./release.sh --now")  # type: ignore[union-attr]
    assert plain.run is not None
    assert plain.run.statements is None
    assert [each.directory for each in fact.actions] == [".github/actions/eas"]
    assert [each.path for each in fact.shell_scripts] == ["mobile/release.sh"]
    assert {"release.sh", "app/release.sh", "mobile/release.sh"} <= set(files.asked)
    assert problems_of(TEXT) == ()


def test_the_cache_gives_it_back() -> None:
    files = Files({".github/actions/eas/action.yml": ACTION, "mobile/release.sh": "eas submit\n"})
    fact = read(Source(".github/workflows/w.yml", TEXT), files)
    codec = codec_of(Workflow)
    assert codec.decode(json.loads(json.dumps(codec.encode(fact)))) == fact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "on: {push: [1]}\njobs: 1",
        "jobs: {a: 1, b: {steps: {x: y}}, c: {steps: [1, {}, {run: [a]}]}}",
        "on: [[push]]\njobs: {a: {needs: {x: y}, env: [a], with: 1, strategy: 1, matrix: [1]}}",
        "on:\n  ? [a]\n  : b\njobs:\n  ? {c: d}\n  : {runs-on: x}\n",
        "1: 2\ntrue: false\n",
    ],
)
def test_whatever_shape_it_has_it_is_read_and_is_a_problem(text: str) -> None:
    assert problems_of(text)


def test_no_yaml_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        workflow("on: push\n  jobs: x")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("on: push\non: pull_request\njobs: {a: {runs-on: x, steps: [{run: y}]}}\n", [2]),
        ("on: {push: {branches: ['[a']}}\njobs: {a: {runs-on: x, steps: [{run: y}]}}\n", [1]),
        (
            "on: push\njobs:\n  a:\n    runs-on: x\n"
            "    steps:\n      - {id: a, run: y}\n      - {id: A, run: y}\n",
            [7],
        ),
        ("on: push\njobs:\n  a: &a\n    runs-on: x\n    steps: [{id: b, run: y}]\n  c: *a\n", []),
    ],
)
def test_what_no_schema_says(text: str, lines: list[int]) -> None:
    source = Source("w.yml", text)
    assert [source.position(each.span.start).line for each in problems_of(text)] == lines

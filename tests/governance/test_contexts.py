"""The names of checks: matrices, called workflows, conditions; and who owns a file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runcrew_lint.domains.review.branches import default_of
from runcrew_lint.domains.review.contexts import contexts_on
from runcrew_lint.domains.review.facts import covers
from tests.delivery.mapping import POLICY, repository

STEPS = "    runs-on: x\n    steps: [{run: echo}]\n"


def _names(files: dict[str, str], branch: str = "main") -> dict[str, str]:
    paths = {f".github/workflows/{name}.yml": text for name, text in files.items()}
    found = contexts_on(repository(paths), branch)
    return {each.shown: " ".join(skip.why.value for skip in each.skips) for each in found}


@pytest.mark.parametrize(
    ("job", "names"),
    [
        ("  test:\n", ["test"]),
        ("  test:\n    name: Unit tests\n", ["Unit tests"]),
        ("  test:\n    strategy: {matrix: {os: [a, b], py: [3]}}\n", ["test (a, 3)", "test (b, 3)"]),
        ("  test:\n    name: T\n    strategy: {matrix: {os: [a]}}\n", ["T (a)"]),
        ("  test:\n    name: T ${{ matrix.os }}\n    strategy: {matrix: {os: [a, b]}}\n", ["T a", "T b"]),
        ("  test:\n    strategy: {matrix: {include: [{os: a, py: 3}]}}\n", ["test (a, 3)"]),
        ("  test:\n    strategy: {matrix: '${{ fromJSON(vars.M) }}'}\n", ["test (…)"]),
        ("  test:\n    name: on ${{ github.actor }}\n", ["on …"]),
    ],
)
def test_names(job: str, names: list[str]) -> None:
    assert list(_names({"ci": f"on: pull_request\njobs:\n{job}{STEPS}"})) == names


def test_called_workflows() -> None:
    called = f"on: workflow_call\njobs:\n  image:\n    name: Image\n{STEPS}"
    caller = (
        "on: pull_request\njobs:\n"
        "  build:\n    uses: ./.github/workflows/image.yml\n    strategy: {matrix: {a: [1, 2]}}\n"
        "  far:\n    uses: o/r/.github/workflows/x.yml@v1\n"
    )
    assert list(_names({"ci": caller, "image": called})) == [
        "build (1) / Image",
        "build (2) / Image",
        "far / …",
    ]


@pytest.mark.parametrize(
    ("head", "job", "why"),
    [
        ("pull_request", "", ""),
        ("{pull_request: {paths: [a]}}", "", "paths"),
        ("{pull_request: {paths: ['**']}}", "", ""),
        ("{pull_request: {types: [labeled]}}", "", "types"),
        ("{pull_request: {types: [opened, synchronize]}}", "", ""),
        ("pull_request", "    if: github.event_name == 'pull_request'\n", ""),
        ("pull_request", "    if: github.base_ref == 'main'\n", ""),
        ("pull_request", "    if: github.actor != 'bot'\n", "if"),
        ("pull_request", "    if: github.event_name == 'push'\n", "if"),
        ("pull_request", "    if: always()\n", ""),
        ("pull_request", "    if: github.repository == 'o/r'\n", ""),
    ],
)
def test_what_may_skip_it(head: str, job: str, why: str) -> None:
    assert _names({"ci": f"on: {head}\njobs:\n  a:\n{job}{STEPS}"}) == {"a": why}


def test_a_push_to_the_head_counts_and_one_to_the_base_does_not() -> None:
    files = {
        "any": f"on: push\njobs:\n  any:\n{STEPS}",
        "main": f"on: {{push: {{branches: [main]}}}}\njobs:\n  main:\n{STEPS}",
        "other": f"on: {{pull_request: {{branches: [develop]}}}}\njobs:\n  other:\n{STEPS}",
    }
    assert list(_names(files)) == ["any"]


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("*", ["a", "a/b"], []),
        ("*.js", ["a.js", "x/a.js"], ["a.ts"]),
        ("/build/logs/", ["build/logs/a", "build/logs/b/c"], ["x/build/logs/a"]),
        ("docs/*", ["docs/a.md"], ["docs/x/a.md"]),
        ("apps/", ["apps/a", "x/apps/a"], ["apps.md"]),
        ("/docs/", ["docs/a"], ["x/docs/a"]),
        ("**/logs", ["logs/a", "x/logs/a", "x/y/logs"], ["log"]),
        ("/apps/**/x.py", ["apps/x.py", "apps/a/b/x.py"], ["x.py"]),
        ("apps/github", ["apps/github", "apps/github/a"], ["x/apps/github"]),
    ],
)
def test_patterns_of_owners(pattern: str, taken: list[str], left: list[str]) -> None:
    assert [path for path in [*taken, *left] if covers(pattern, path)] == taken


@pytest.mark.parametrize(
    ("branches", "named", "default"),
    [
        ("[master]", False, "master"),
        ("[main, master]", False, "main"),
        ("[x]", False, "main"),
        ("[master]", True, "main"),
    ],
)
def test_the_default_branch(branches: str, named: bool, default: str) -> None:
    files = {".github/workflows/a.yml": f"on: {{push: {{branches: {branches}}}}}\njobs:\n  a:\n{STEPS}"}
    policy = replace(POLICY, named=named, default_branch="main" if named else "")
    assert default_of(repository(files, policy)) == default

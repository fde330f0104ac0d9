"""What a `uses` holds on to, and what a job is known to need."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.workflows.references import Hold, reference
from runcrew_lint.domains.workflows.token import only_reads
from tests.workflows.reading import workflow

SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"


@pytest.mark.parametrize(
    ("uses", "hold"),
    [
        (f"a/b@{SHA}", Hold.COMMIT),
        (f"a/b@{SHA.upper()}", Hold.COMMIT),
        (f"a/b@{SHA}{SHA[:24]}", Hold.COMMIT),
        (f"a/b@{SHA[:39]}", Hold.SHORT_COMMIT),
        (f"a/b@{SHA[:7]}", Hold.SHORT_COMMIT),
        ("a/b@1234567", Hold.TAG),
        ("a/b@v4", Hold.TAG),
        ("a/b/c/d@1.2.3-beta.1", Hold.TAG),
        ("a/b@codeql-bundle-v2.16", Hold.TAG),
        ("a/b@refs/tags/stable", Hold.TAG),
        ("a/b@refs/heads/v1", Hold.BRANCH),
        ("a/b@releases/v1", Hold.BRANCH),
        ("a/b@main", Hold.BRANCH),
        ("a/b@latest", Hold.BRANCH),
        ("docker://alpine:3.20", Hold.IMAGE_TAG),
        ("docker://alpine@sha256:" + "0" * 64, Hold.COMMIT),
        ("./.github/actions/x", None),
        ("./.github/workflows/x.yml", None),
        ("a/b", None),
        ("a/b@${{ matrix.ref }}", None),
        ("", None),
    ],
)
def test_hold(uses: str, hold: Hold | None) -> None:
    found = reference(uses)
    assert (found.hold if found else None) == hold


@pytest.mark.parametrize(
    ("owners", "expected"),
    [(("a",), True), (("A/B",), True), (("a/c",), False), (("ab",), False), ((), False)],
)
def test_owners(owners: tuple[str, ...], expected: bool) -> None:
    found = reference("A/b/.github/workflows/x.yml@v1")
    assert found and found.is_workflow and found.repository == "A/b"
    assert found.is_of(owners) is expected


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("{steps: [{uses: actions/checkout@v5}, {run: pytest}]}", True),
        ("{steps: [{uses: Actions/Setup-Node@v5, with: {node-version: 22}}]}", True),
        ("{steps: [{uses: actions/checkout@v5, with: {repository: a/b}}]}", False),
        ("{steps: [{uses: actions/github-script@v8}]}", False),
        ("{steps: [{uses: a/b@v1}]}", False),
        ("{steps: [{uses: ./.github/actions/x}]}", False),
        ("{steps: [{run: git push origin HEAD}]}", False),
        ("{steps: [{run: gh pr comment}]}", False),
        ("{steps: [{run: npm run release}]}", False),
        ("{uses: ./.github/workflows/x.yml}", False),
        ("{permissions: {contents: write}, steps: [{run: git push}]}", True),
    ],
)
def test_only_reads(job: str, expected: bool) -> None:
    assert only_reads(workflow(f"on: push\njobs: {{test: {job}}}\n")) is expected

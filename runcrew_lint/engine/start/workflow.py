"""The GitHub workflow that makes the linter a check of every pull request.

Each action is pinned by its commit: checkout 7.0.1, setup-python 7.0.0 and cache 6.1.0, read on 2026-11-22.
"""

from __future__ import annotations

from runcrew_lint import __version__
from runcrew_lint.engine.start.hooks import HOME

FILE = ".github/workflows/runcrew-lint.yml"

_TEXT = """\
# The check that a pull request must pass: make `runcrew-lint` a required one, without a filter on paths.
# A change answers for what it adds, and is judged by the policy of the branch that it goes into.
name: runcrew-lint
on:
  pull_request:
  merge_group:
permissions:
  contents: read
concurrency:
  group: runcrew-lint-${{ github.ref }}
  cancel-in-progress: true
jobs:
  runcrew-lint:
    name: runcrew-lint
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      - run: pip install "runcrew-lint[fast] @ git+HOME@vVERSION"
      - run: runcrew-lint check --since "$BASE" --format github
        env:
          BASE: ${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}
"""


def workflow_text() -> str:
    """The workflow, which installs this very version."""
    return _TEXT.replace("HOME", HOME).replace("VERSION", __version__)

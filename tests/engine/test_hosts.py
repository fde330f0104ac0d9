"""A run about a file that gives no fact of its own tells what the file does where it is drawn in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

_WORKFLOW = """\
on: {pull_request: {branches: [develop]}}
permissions: {contents: read}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: tools/test.sh
      - uses: ./.github/actions/lint
"""
_FILES = {
    ".github/workflows/ci.yml": _WORKFLOW,
    ".github/actions/lint/action.yml": """\
name: lint
description: lints what was changed
runs:
  using: composite
  steps:
    - {run: ruff check . || true, shell: bash}
    - uses: somebody/reports@v2
""",
    "tools/test.sh": "#!/bin/bash\ntools/inner.sh\n",
    "tools/inner.sh": "pytest || true\n",
    "tools/other.sh": "pytest || true\n",
    "web/nginx.conf": """\
server {
  listen 80;
  server_name example.com;
  include snippets/files.conf;
}
""",
    "web/snippets/files.conf": "location /media { alias /srv/media/; }\n",
    "web/snippets/unused.conf": "location /other { alias /srv/other/; }\n",
}


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        ("tools/test.sh", set()),
        ("tools/inner.sh", {"check-neutralised"}),
        (".github/actions/lint/action.yml", {"check-neutralised", "action-unpinned"}),
        ("web/snippets/files.conf", {"alias-traversal"}),
        ("tools/other.sh", set()),
        ("web/snippets/unused.conf", set()),
    ],
)
def test_what_a_file_does_where_it_is_drawn_in(target: str, rules: set[str], tmp_path: Path) -> None:
    request = Request(repository_from(_FILES, tmp_path / "r"), policy="runcrew", cache=tmp_path / "cache")
    whole = [each for each in run(request).report.findings if _names(each, target)]
    for _ in range(2):  # the second time from what was kept
        found = run(replace(request, targets=frozenset({target}))).report.findings
        assert {each.rule for each in found} >= rules
        assert [(each.rule, each.line) for each in found] == [(each.rule, each.line) for each in whole]


def _names(finding: object, target: str) -> bool:
    paths = {finding.path, *(each.region.path for each in finding.related)}  # type: ignore[attr-defined]
    return target in paths

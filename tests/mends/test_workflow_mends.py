"""The token restricted at the top of a workflow, where nothing in the file needs it."""

from __future__ import annotations

import pytest

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import plain
from runcrew_lint.engine.mend import apply
from runcrew_lint.mends.workflow import restrict_token
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place, Source, Span

ADDED = "permissions:\n  contents: read\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("on: push\njobs:\n  a: {}\n", f"on: push\n{ADDED}jobs:\n  a: {{}}\n"),
        ("on: push\n\n# 작업\n# two\njobs:\n", f"on: push\n\n{ADDED}\n# 작업\n# two\njobs:\n"),
        ("on: push\r\njobs:\r\n", f"on: push\n{ADDED}jobs:\n".replace("\n", "\r\n")),
        ("jobs:\n  a: {}\non: push\n", f"{ADDED}jobs:\n  a: {{}}\non: push\n"),
        ('"on": push\n"jobs":\n  a: {}\n', f'"on": push\n{ADDED}"jobs":\n  a: {{}}\n'),
        ("{on: push, jobs: {a: {}}}\n", None),
        ("{on: push,\njobs: {a: {}}}\n", None),
        (" on: push\n jobs:\n  a: {}\n", None),
        ("on: push\npermissions: {}\njobs:\n  a: {}\n", None),
        (
            "on: push\njobs:\n  a: {container: {credentials: {password: '${{ secrets.GITHUB_TOKEN }}'}}}\n",
            None,
        ),
        ("on: push\njobs:\n  a: {env: {T: '${{ github.token }}'}}\n", None),
        ("on: push\njobs:\n  a: {env: {T: '${{ toJSON(github) }}'}}\n", None),
        ("on: push\n", None),
        ("on: [\n", None),
    ],
)
def test_restrict_token(before: str, after: str | None) -> None:
    request = MendRequest("workflow.restrict_token", Place("f", Span(0, 0)))
    fix = restrict_token(request, Source("f", before))
    assert (apply(before, [fix], "f")[0] if fix else None) == after
    if after:
        read = plain(yaml.parse(Source("f", after)))
        assert read.pop("permissions") == {"contents": "read"}
        assert read == plain(yaml.parse(Source("f", before)))

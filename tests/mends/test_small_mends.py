"""Replacing, appending and inserting: every other character stays, and what can't be exact is refused."""

from __future__ import annotations

import io

import pytest
from ruamel.yaml import YAML

from runcrew_lint.engine.mend import apply
from runcrew_lint.mends import text, yaml
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place, Source, Span


def _request(name: str, span: Span, **told: Plain) -> MendRequest:
    arguments = {"title": "does it", "safety": "safe", **told}
    return MendRequest(name, Place("f", span), tuple(arguments.items()))


@pytest.mark.parametrize(("was", "expected"), [("b", "a X c"), ("c", None)])
def test_replace_refuses_what_has_moved(was: str, expected: str | None) -> None:
    source = Source("f", "a b c")
    fix = text.replace(_request("text.replace", Span(2, 3), was=was, text="X"), source)
    assert (apply(source.text, [fix], "f")[0] if fix else None) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ".env\n"), ("a\n", "a\n.env\n"), ("a", "a\n.env\n"), ("a\r\nb", "a\r\nb\r\n.env\r\n")],
)
def test_append_line_keeps_the_line_ends(before: str, after: str) -> None:
    source = Source("f", before)
    fix = text.append_line(_request("text.append_line", Span(0, 0), line=".env"), source)
    assert fix and apply(before, [fix], "f")[0] == after


BLOCK = "jobs:\n  test:  # 검사\n    name: x\n    runs-on: ubuntu-latest  # why\n    steps: []\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BLOCK, BLOCK.replace("# why\n", "# why\n    timeout-minutes: 15\n")),
        (BLOCK.replace("\n", "\r\n"),
         BLOCK.replace("# why\n", "# why\n    timeout-minutes: 15\n").replace("\n", "\r\n")),
        ("jobs:\n  test:\n    runs-on:\n      - a\n    steps: []\n",
         "jobs:\n  test:\n    timeout-minutes: 15\n    runs-on:\n      - a\n    steps: []\n"),
        ("jobs:\n  test:\n    steps: []\n    runs-on: a",
         "jobs:\n  test:\n    timeout-minutes: 15\n    steps: []\n    runs-on: a"),
        ("jobs:\n  test: {runs-on: a}\n", None),
        ("x: &x\n  runs-on: a\njobs:\n  test: *x\n", None),
        ("jobs:\n  test:\n    timeout-minutes: 3\n    runs-on: a\n", None),
        ("jobs:\n  test:\n", None),
        ("jobs:\n  test: &a\n    runs-on: a\n",
         "jobs:\n  test: &a\n    runs-on: a\n    timeout-minutes: 15\n"),
    ],
)  # fmt: skip
def test_insert_key(before: str, after: str | None) -> None:
    source = Source("f", before)
    at = before.index("test")
    told: dict[str, Plain] = {"key": "timeout-minutes", "value": 15, "after": "runs-on"}
    fix = yaml.insert_key(_request("yaml.insert_key", Span(at, at + 4), **told), source)
    mended = apply(before, [fix], "f")[0] if fix else None
    assert mended == after
    if mended:
        old, new = (YAML(typ="safe").load(io.StringIO(each)) for each in (before, mended))
        assert new["jobs"]["test"].pop("timeout-minutes") == 15
        assert new == old

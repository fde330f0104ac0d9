"""One fault is one problem, at the place where it is, with the key that was meant."""

from __future__ import annotations

import pytest

from runcrew_lint.documents import schema, yaml
from runcrew_lint.text import Source

HEAD = "on: push\njobs:\n  a:\n    runs-on: x\n"


def problems(text: str) -> list[tuple[int, str, str]]:
    source = Source("w.yml", text)
    found = schema.problems("workflow", source.derive(yaml.parse))
    return [
        (source.position(each.span.start).line, text[each.span.start : each.span.end], each.key)
        for each in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "    steps: [{run: x}]\n", []),
        (HEAD + "    step: [{run: x}]\n", [(5, "step", "steps")]),
        (HEAD + "    steps:\n      - name: x\n", [(6, "name", "")]),
        (HEAD + "    steps:\n      - run: x\n        wiht: {}\n", [(7, "wiht", "with")]),
        (HEAD + "    steps: [{run: x}]\n    permissions: {contents: raed}\n", [(6, "raed", "read")]),
        (
            "on: pull_requests\njobs: {a: {runs-on: x, steps: [{run: y}]}}\n",
            [(1, "pull_requests", "pull_request")],
        ),
        ("on: push\njobs: {1a: {runs-on: x, steps: [{run: y}]}}\n", [(2, "1a", "")]),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: [y]}]}}\n", [(2, "run", "")]),
        ("on: push\njobs: []\n", [(2, "jobs", "")]),
        ("- on\n", [(1, "", "")]),
    ],
)
def test_problems(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert problems(text) == expected


def test_two_keys_that_are_missing_are_two_problems() -> None:
    assert len(problems("on: push\njobs:\n  a:\n    name: x\n")) == 2


def test_a_message_says_what_was_meant() -> None:
    source = Source("w.yml", HEAD + "    step: [{run: x}]\n")
    (found,) = schema.problems("workflow", source.derive(yaml.parse))
    assert found.message == "unknown key `step` in a job; did you mean `steps`?"


@pytest.mark.parametrize("written", ["  b{}: 1\n", "    k{}: 1\n"], ids=["jobs", "keys of a job"])
def test_of_very_many_problems_some_are_told_and_the_file_is_named_once(written: str) -> None:
    text = HEAD.replace("jobs:\n", "jobs:\n", 1) + "".join(written.format(number) for number in range(1000))
    source = Source("w.yml", text)
    found = schema.problems("workflow", source.derive(yaml.parse))
    assert 250 < len(found) <= schema.MOST + 1
    assert "no more than 300" in found[0].message

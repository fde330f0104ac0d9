"""What could grow without end does not: each of these would take hours or all memory if it were followed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.bounded import must_end
from tests.delivery.mapping import delivery, workflow

W = ".github/workflows/w.yml"
PUSH = "{push: {branches: [develop]}}"
CALL = "{workflow_call: {}, push: {branches: [develop]}}"


def _nested(function: str, depth: int) -> str:
    text = "github.sha"
    for _ in range(depth):
        text = f"{function}('{{0}}{{0}}', {text})"
    return text


BOMBS = {
    "an action that uses itself ten times": {
        W: workflow("- uses: ./a", on=PUSH),
        "a/action.yml": "runs:\n  using: composite\n  steps:\n" + "    - uses: ./a\n" * 10,
    },
    "a workflow that calls itself ten times": {
        W: f"on: {CALL}\njobs:\n" + "".join(f"  j{n}: {{uses: ./{W}}}\n" for n in range(10)),
    },
    "a text that doubles in an expression": {
        W: workflow(
            "- run: eas build -e ${{ " + _nested("format", 45).replace("github.sha", "'xy'") + " }}", on=PUSH
        ),
    },
    "a text that doubles in a script": {
        W: workflow("- run: |\n    X=ab\n" + "    X=$X$X\n" * 60 + "    eas build -e $X", on=PUSH),
    },
    "a text that doubles from job to job": {
        W: f"on: {PUSH}\njobs:\n  j0: {{outputs: {{x: ab}}, steps: []}}\n"
        + "".join(
            f"  j{n}: {{needs: j{n - 1}, steps: [], outputs: {{x: '${{{{ needs.j{n - 1}.outputs.x }}}}"
            f"${{{{ needs.j{n - 1}.outputs.x }}}}'}}}}\n"
            for n in range(1, 40)
        ),
    },
    "a matrix of a million": {
        W: workflow(
            "- run: eas build -e ${{ matrix.a }}",
            on=PUSH,
            job="    strategy: {matrix: {"
            + ", ".join(f"{name}: [{', '.join(map(str, range(100)))}]" for name in "abc")
            + "}}\n",
        ),
    },
    "recipes that need each other": {
        W: workflow("- run: make a0", on=PUSH),
        "Makefile": "".join(
            f"a{n}: " + " ".join(f"a{n + 1}" for _ in range(9)) + "\n\teas build\n" for n in range(12)
        ),
    },
    "a shell in a shell in a shell": {
        W: workflow("- run: |\n    " + "bash -c 'ssh h \"" * 30 + "eas build" + "\"'" * 30, on=PUSH),
    },
    "functions in loops": {
        W: workflow(
            "- run: |\n    a() { eas build; }\n"
            + "".join(
                f"    {b}() {{ for x in 1 2 3 4 5 6 7 8 9; do {a}; done; }}\n"
                for a, b in pairwise("abcdefghi")
            )
            + "    i\n",
            on=PUSH,
        ),
    },
}


@pytest.mark.parametrize("name", BOMBS)
def test_it_ends(name: str) -> None:
    with must_end():
        delivery(BOMBS[name])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("an action that uses itself ten times", "steps on one occasion"),
        ("a matrix of a million", "too many combinations"),
        ("functions in loops", "commands"),
    ],
)
def test_what_was_cut_short_is_said(name: str, said: str) -> None:
    assert any(said in what for _, what in delivery(BOMBS[name]).limits)

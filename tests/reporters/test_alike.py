"""What a person reads as one finding: of one rule in one file, or what hurts in the same words elsewhere."""

from __future__ import annotations

import pytest

from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.reporters.alike import alike, own_words
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.text import FRAMED, LISTED, render
from tests.reporters.made import Tree, finding, point


def at(path: str, line: int, message: str = "it hurts", rule: str = "a", severity: str = "error") -> Finding:
    return finding(point(path, line), message, rule=rule, severity=Severity(severity))


@pytest.mark.parametrize(
    ("findings", "groups"),
    [
        ([("x", 1), ("x", 2)], [["x1", "x2"]]),
        ([("x", 1, "one"), ("x", 2, "two")], [["x1", "x2"]]),
        ([("x", 1), ("y", 2)], [["x1", "y2"]]),
        ([("x", 1, "one"), ("y", 2, "two")], [["x1"], ["y2"]]),
        ([("x", 1, "one"), ("x", 2, "two"), ("y", 3, "two")], [["x1", "x2", "y3"]]),
        ([("x", 1, "one"), ("y", 2, "one"), ("y", 3, "two")], [["x1"], ["y2", "y3"]]),
        ([("x", 1), ("x", 2, "it hurts", "b")], [["x1"], ["x2"]]),
        ([("x", 1), ("x", 2, "it hurts", "a", "info")], [["x1"], ["x2"]]),
        ([("x", 1), ("y", 1, "other"), ("x", 2), ("z", 9)], [["x1", "x2", "z9"], ["y1"]]),
        ([("x", 1, "a is, it hurts"), ("y", 2, "b is, it hurts")], [["x1", "y2"]]),
        ([("x", 1, "a is, it hurts"), ("y", 2, "a is, it costs")], [["x1"], ["y2"]]),
        ([("x", 1, "a, it hurts"), ("y", 2, "b, it hurts"), ("y", 3, "b, it costs")], [["x1"], ["y2", "y3"]]),
    ],
)
def test_groups(findings: list[tuple[str, int]], groups: list[list[str]]) -> None:
    found = [[each.first, *each.beside, *each.elsewhere] for each in alike(at(*each) for each in findings)]
    assert [[f"{each.path}{each.line}" for each in group] for group in found] == groups


class Counted(str):
    """A message that counts how often it is looked up."""

    __slots__ = ()
    looked_up = 0

    def __hash__(self) -> int:
        Counted.looked_up += 1
        return super().__hash__()


def test_a_file_is_not_held_against_all_others() -> None:
    findings = [at(f"{number}", 1, Counted(f"of {number}")) for number in range(300)]
    assert len(list(alike(findings))) == 300
    assert Counted.looked_up < 10 * 300


@pytest.mark.parametrize(
    ("message", "other", "own"),
    [
        ("a has no tag, so it moves", "b has no tag, so it moves", "a has no tag"),
        ("the same", "the same", ""),
        ("a, so x", "b, so y", "a, so x"),
        ("one", "two", "one"),
        ("a (1, 2), so it moves", "b (1, 2), so it moves", "a (1, 2)"),
        ("a lies here (x, y): all can read it", "a lies here (x, z): all can read it", "a lies here (x, y)"),
    ],
)
def test_own_words(message: str, other: str, own: str) -> None:
    assert own_words(message, other) == own


def test_what_is_not_framed_is_named() -> None:
    tree = Tree.of({"a.py": "x\n" * 20, **{f"b{at}.py": "x\n" for at in range(LISTED + 1)}})
    here = [finding(tree.region("a.py", "x"))] + [
        finding(point("a.py", line), f"line {line}, which hurts") for line in range(2, FRAMED + 5)
    ]
    there = [finding(point(f"b{at}.py"), f"line {FRAMED + 4}, which hurts") for at in range(LISTED + 1)]
    told = render(tree.outcome(*here, *there), Look())
    assert told.count("[some-rule]") == 1
    assert all(f"^ line {line}" in told for line in range(2, FRAMED + 2))
    lines = ", ".join(str(line) for line in range(FRAMED + 2, FRAMED + 5))
    named = "; ".join(f"b{at}.py:1" for at in range(LISTED - 1))
    assert f"  = also: a.py:{lines}; {named}; 2 files more\n" in told
    assert f"{FRAMED + 4 + LISTED + 1} errors in {LISTED + 2} files" in told


def test_what_each_one_says_stands_under_it() -> None:
    tree = Tree(a_py="one\ntwo\nthree\n")
    first = finding(tree.region("a.py", "one"), "one is wrong, so it hurts", notes=[("lock", "SHARE")])
    second = finding(
        tree.region("a.py", "two"),
        "two is wrong, so it hurts",
        notes=[("lock", "EXCLUSIVE")],
        related=[(tree.region("a.py", "three"), "because of this")],
    )
    assert render(tree.outcome(first, second), Look()).startswith(
        """error[some-rule]: one is wrong, so it hurts
 --> a.py:1:1
  |
1 | one
  | ^^^
2 | two
  | ^^^ two is wrong
3 | three
  | ----- because of this
  |
  = lock: SHARE
  = lock: EXCLUSIVE
  = help: do it otherwise
"""
    )


def test_what_hurts_alike_elsewhere_says_what_is_its_own() -> None:
    said = {"a.py": "one is so, it hurts", "b.py": "two is so, it hurts", "c.py": "one is so, it hurts"}
    tree = Tree.of(dict.fromkeys(said, "x\n"))
    findings = [finding(tree.region(path, "x"), words) for path, words in said.items()]
    told = render(tree.outcome(*findings), Look())
    assert told.count("[some-rule]") == 1
    assert " ::: b.py:1:1\n" in told
    assert "^ two is so\n" in told
    assert "  = also: c.py:1\n" in told

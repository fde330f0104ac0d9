"""docs/security.md names a test for each promise, and each of them is there."""

from __future__ import annotations

import re

from tests.checkout import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<promise>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)


def test_each_promise_names_tests_that_exist() -> None:
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    rows = [each for each in ROW.finditer(PAGE) if each["tests"] not in ("tests", "---")]
    assert len(rows) > 8
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row["tests"])
        assert named, f"nobody tests that: {row['promise']}"
        assert set(named) <= there, row["promise"]


def test_what_is_tried_is_promised() -> None:
    """Of each file here the page names a test: what is promised nowhere, nobody could rely on."""
    for file in sorted((ROOT / "tests/hostile").glob("test_*.py")):
        own = set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
        assert own & {*re.findall(r"`(test_\w+)`", PAGE)} or file.name == "test_promises_are_tested.py", (
            file.name
        )

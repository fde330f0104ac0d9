"""Promises: which lines a comment covers in each format, and what is said of the promise itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from runcrew_lint.domains.promises.read import MOST_RULES, read
from runcrew_lint.engine.run import Request, run
from runcrew_lint.text import Source
from tests.fixtures_git import repository_from

TODAY = date(2026, 11, 22)


def test_a_long_comment_of_promises_is_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, looked, line = 200, [0], Source.line

    def counted(self: Source, number: int) -> str:
        looked[0] += 1
        return line(self, number)

    monkeypatch.setattr(Source, "line", counted)
    found = read(Source("a.sh", "# runcrew-lint: ignore[r] why\n" * lines + "run\n"))
    assert found is not None
    assert [each.last for each in found.promises] == [lines + 1] * lines
    assert looked[0] < 10 * lines


def test_a_promise_of_too_many_rules_says_so_and_excuses_nothing() -> None:
    found = read(Source("a.sh", f"# runcrew-lint: ignore[{','.join(['r'] * (MOST_RULES + 1))}] why\nrun\n"))
    assert found is not None
    (promise,) = found.promises
    assert (len(promise.rules), promise.flaw[:18]) == (MOST_RULES, "it names 101 rules")
    found = read(Source("a.sh", f"# runcrew-lint: ignore[{','.join(['r'] * MOST_RULES)}] why\nrun\n"))
    assert found is not None
    assert (len(found.promises[0].rules), found.promises[0].flaw) == (MOST_RULES, "")


@pytest.mark.parametrize(
    ("path", "text", "covers"),
    [
        ("a.py", "x = 1  # runcrew-lint: ignore[r] why\ny = 2\n", (1, 1)),
        ("a.py", "# runcrew-lint: ignore[r] why\nx = f(\n    1,\n)\ny = 2\n", (2, 4)),
        ("a.py", "# runcrew-lint: ignore[r] why\n# more words\n\ndef f():\n    a\n\n    b\nc\n", (4, 7)),
        ("a.yaml", "jobs:\n  # runcrew-lint: ignore[r] why\n  a:\n    x: 1\n  b: 2\n", (3, 4)),
        ("a.yaml", "# runcrew-lint: ignore[r] why\nsteps:\n- a: 1\n  b: 2\n- c\nnext: 1\n", (2, 5)),
        ("a.yaml", "steps:\n# runcrew-lint: ignore[r] why\n- a:\n    x\n- c\n", (3, 4)),
        ("Dockerfile", "# runcrew-lint: ignore[r] why\nRUN a && \\\nb && \\\nc\nRUN d\n", (2, 4)),
        ("a.conf", "# runcrew-lint: ignore[r] why\nserver {\n  listen 80;\n}\nserver {\n}\n", (2, 4)),
        ("eas.json", '{\n  // runcrew-lint: ignore[r] why\n  "a": {\n    "b": 1\n  },\n  "c": 2\n}', (3, 5)),
        ("a.ts", "call({  // runcrew-lint: ignore[r] why\n", (1, 1)),
        ("a.sql", "-- runcrew-lint: ignore[r] why\nCREATE INDEX i\n  ON t (a);\nSELECT 1;\n", (2, 3)),
        ("a.md", "<!-- runcrew-lint: ignore[r] why -->\ntext\n", (2, 2)),
        ("a.py", "x = 1\n# runcrew-lint: ignore-file[r] why\n", (0, 0)),
        ("a.yaml", "a: 1\n# runcrew-lint: ignore[r] why\n", (2, 2)),
    ],
)  # fmt: skip
def test_a_comment_covers_what_it_ends_or_heads(path: str, text: str, covers: tuple[int, int]) -> None:
    found = read(Source(path, text))
    assert found is not None
    (promise,) = found.promises
    assert (promise.first, promise.last) == covers
    assert (promise.rules, promise.reason, promise.flaw) == (("r",), "why", "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 's = "# runcrew-lint: ignore[r] why"\n'),
        ("a.md", "Write `# runcrew-lint: ignore[r] why` behind it.\n"),
        ("a.yaml", "jobs:\n  runcrew-lint: ignore[r]\n"),
        ("a.ts", 'const u = "https://runcrew-lint: ignore[r]";\n'),
    ],
)
def test_what_is_no_comment_is_no_promise(path: str, text: str) -> None:
    assert read(Source(path, text)) is None


LATEST = 'FROM python:latest{}\nUSER app\nCMD ["python"]\n'  # base-untagged speaks on line 1
RULES = ("base-untagged", "engine")


def _lint(tmp_path: Path, comment: str, policy: str = "", today: date = TODAY) -> list[tuple[str, str, int]]:
    files = {"Dockerfile": f"{comment}\n{LATEST.format('')}" if comment else LATEST.format("")}
    if policy:
        files[".runcrew-lint.yaml"] = policy
    root = repository_from(files, tmp_path / "repository")
    report = run(Request(root, select=RULES, today=today)).report
    return [(finding.rule, finding.severity.value, report.excused) for finding in report.findings]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("", [("base-untagged", "error", 0)]),
        ("# runcrew-lint: ignore[base-untagged] a toy", []),
        ("# runcrew-lint: ignore[base-untagged] until=2026-12-31 a toy", []),
        ("# runcrew-lint: ignore[base-untagged]", [("suppression-without-reason", "warning", 1)]),
        ("# runcrew-lint: ignore[base-untagged] until=2026-12-06 x", [("promise-expiring", "info", 1)]),
        ("# runcrew-lint: ignore[base-untagged] until=2026-11-22 x", [("promise-expiring", "info", 1)]),
        ("# runcrew-lint: ignore[base-untagged] until=2026-11-21 x",
         [("suppression-expired", "error", 0), ("base-untagged", "error", 0)]),
        ("# runcrew-lint: ignore[base-untaged] x",
         [("suppression-unknown-rule", "warning", 0), ("base-untagged", "error", 0)]),
        ("# runcrew-lint: ignore[base-untagged] until=tomorrow x",
         [("suppression-unknown-rule", "warning", 0), ("base-untagged", "error", 0)]),
        ("# runcrew-lint: ignore x",
         [("suppression-unknown-rule", "warning", 0), ("base-untagged", "error", 0)]),
        ("# runcrew-lint: ignore[base-untagged, file-skipped] x", []),
    ],
)  # fmt: skip
def test_what_is_said(tmp_path: Path, comment: str, found: list[tuple[str, str, int]]) -> None:
    assert _lint(tmp_path, comment) == found


def test_an_unused_promise_is_told_only_of_a_rule_that_could_speak(tmp_path: Path) -> None:
    files = {"Dockerfile": "# runcrew-lint: ignore[base-untagged] x\nFROM python:3.12-slim\nUSER app\n"}
    root = repository_from(files, tmp_path / "repository")
    on = run(Request(root, select=RULES, today=TODAY)).report
    off = run(Request(root, select=("engine",), today=TODAY)).report
    assert [finding.rule for finding in on.findings] == ["suppression-unused"]
    assert not off.findings


POLICY = (
    "extends: runcrew\nexcuses:\n  - rules: [base-untagged]\n    paths: [{}]\n    reason: a toy\n    {}\n"
)


@pytest.mark.parametrize(
    ("paths", "until", "found"),
    [
        ("Dockerfile", "", []),
        ("'**/Dockerfile'", "until: '2027-01-01'", []),
        ("'*.other'", "", [("suppression-unused", "warning", 0), ("base-untagged", "error", 0)]),
        ("Dockerfile", "until: '2026-11-01'",
         [("suppression-expired", "error", 0), ("base-untagged", "error", 0)]),
    ],
)  # fmt: skip
def test_the_policy_excuses_too(
    tmp_path: Path, paths: str, until: str, found: list[tuple[str, str, int]]
) -> None:
    assert _lint(tmp_path, "", POLICY.format(paths, until)) == found


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ("severity: {base-untagged: info}", [("base-untagged", "info", 0)]),
        ("severity: {base-untagged: off}", []),
        ("ignore: [images]", []),
        ("at_most: {all: info}", [("base-untagged", "info", 0)]),
        ("at_most: {all: off}", []),
        ("at_most: {all: info, images: warning}", [("base-untagged", "warning", 0)]),
        ("at_most: {images: info, base-untagged: error}", [("base-untagged", "error", 0)]),
        ("at_most: {all: info}\n    severity: {base-untagged: warning}", [("base-untagged", "warning", 0)]),
    ],
)
def test_an_override_holds_in_its_files(
    tmp_path: Path, override: str, found: list[tuple[str, str, int]]
) -> None:
    said = f"extends: runcrew\noverrides:\n  - paths: [Dockerfile]\n    {override}\n"
    assert _lint(tmp_path, "", said) == found
    other = _lint(tmp_path / "other", "", said.replace("Dockerfile", "other/**"))
    assert other == [("base-untagged", "error", 0)]

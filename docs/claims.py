"""The pages that name tests: docs/compared.md of compared.yaml, docs/proof.md of proof.yaml.

A test is named as pytest names it, `FILE::TEST`, or by its whole file; tests/test_docs.py holds that it
is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runcrew_lint.catalogue.build import read

DOCS = Path(__file__).resolve().parent
COMPARED: dict[str, Any] = read(DOCS / "compared.yaml")
PROOF: dict[str, dict[str, Any]] = read(DOCS / "proof.yaml")


def named() -> Iterator[str]:
    """Every test that a page names."""
    for row in COMPARED["rows"]:
        yield from row["ours"]
    for part in PROOF.values():
        for row in part["rows"]:
            yield from row.get("tests", ())


def compared() -> str:
    """The list of features, with the test behind each of ours."""
    lines = (*_compared(COMPARED["tools"], COMPARED["rows"]), *_answered(COMPARED["findings"]), *_agreed())
    return "\n".join(lines) + "\n"


def _compared(tools: dict[str, dict[str, Any]], rows: list[dict[str, Any]]) -> Iterator[str]:
    yield from ("# How it compares", "")
    yield (
        "What people expect of a linter's command line, and where it is. A tick of ours leads to its test. "
        "The others' columns say what their own documentation says, as far as it was read: a dash is *not "
        "found there*. They lint other things, and do that well."
    )
    yield from ("", f"| | ours | {' | '.join(tools)} |", f"| --- | --- |{' --- |' * len(tools)}")
    for row in rows:
        ours = " ".join(_linked("✓", test) for test in row["ours"])
        others = " | ".join(_cell(row.get(tool)) for tool in tools)
        yield f"| {row['what']} | {ours} | {others} |"
    yield from ("", "Read for the others:", "")
    for tool, said in tools.items():
        yield f"- {tool} {said['version']} ({said['of']}): {said['read']}"


def _answered(peers: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from ("", "## What the specialists find", "")
    yield (
        "Which of our rules speaks of what theirs find, and why we leave what none does. "
        "`make compare DIR=...` runs them on checkouts and holds each of their findings against ours; "
        "`make compare-inputs PEER=hadolint DIR=...` (compose-lint, zizmor) asks the inputs of their tests "
        "of them and of us, and says where we part, and why."
    )
    shown: dict[str, list[str]] = {}
    for peer, rules in peers.items():
        for rule, told in rules.items():
            row = f"`{rule}` | {_ours(told)} | {told if isinstance(told, str) else told.get('left', '')}"
            shown.setdefault(row, []).append(peer)
    yield from ("", "| | theirs | ours | what is left, and why |", "| --- | --- | --- | --- |")
    yield from (f"| {', '.join(found)} | {row} |" for row, found in shown.items())


def _agreed() -> Iterator[str]:
    yield from (
        "",
        "## On their own test inputs",
        "",
        "| | rules | agree | where not |",
        "| --- | --- | --- | --- |",
    )
    for row in COMPARED["inputs"]:
        agree = f"{row['agree']} ({row['asked']})" if "asked" in row else row["agree"]
        yield f"| {row['peer']} | {row['rules']} | {agree} | {row['apart']} |"


def _ours(told: str | dict[str, Any]) -> str:
    names = () if isinstance(told, str) else told["ours"]
    return " ".join(f"[{name}](rules/{name}.md)" for name in names)


def _cell(said: bool | str | None) -> str:
    return "✓" if said is True else said or "-"


def proof() -> str:
    """The list of claims, with the tests and commands that hold each."""
    return "\n".join(_proof(PROOF)) + "\n"


def _proof(parts: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from ("# How each claim is proved", "")
    yield (
        "What these pages claim, and what would turn red if it were not so. `.ci/run` runs every test from "
        "a fresh clone, beside the real PostgreSQL, node, pre-commit and npm packages that the tests "
        "install: what can't be had fails there, and is skipped on a laptop."
    )
    for part in parts.values():
        yield from ("", f"## {part['title']}", "", "| claim | held by |", "| --- | --- |")
        for row in part["rows"]:
            tests = [_linked(_shown(test), test) for test in row.get("tests", ())]
            held = [*tests, *(f"`{each}`" for each in [row.get("command")] if each)]
            yield f"| {row['claim']} | {'<br>'.join(held)} |"


def _shown(test: str) -> str:
    file, _, name = test.partition("::")
    return name.removeprefix("test_").replace("_", " ") or Path(file).name


def _linked(words: str, test: str) -> str:
    file, _, name = test.partition("::")
    return f'[{words}](../{file} "{name or file}")'

"""Every rule's examples, run as whole repositories with every rule of the policy on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.domains.claims import Claims
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine import fix
from runcrew_lint.engine.run import Request, run
from runcrew_lint.engine.sift import is_ruled_out
from runcrew_lint.model.finding import Finding
from runcrew_lint.model.mend import Safety
from tests.fixtures_git import change_to, repository_from

CATALOGUE = load()


def _examples() -> list[Any]:
    return [
        pytest.param(name, example, id=f"{name}: {example['name'].strip()}")
        for name, rule in sorted(CATALOGUE.rules.items())
        for example in words_of(rule).get("examples", [])
    ]


def _request(example: dict[str, Any], folder: Path) -> Request:
    files = {path: content or "" for path, content in (example.get("bad") or example["good"]).items()}
    if "base" in example:
        before = {path: content or "" for path, content in example["base"].items()}
        root = repository_from(before, folder / "repository")
        change_to(root, files)
    else:
        root = repository_from(files, folder / "repository", example.get("untracked", ()))
    policy: str | Path = "runcrew"
    if "policy" in example:
        policy = folder / "policy.yaml"
        policy.write_text(json.dumps({"extends": "runcrew", **example["policy"]}))
    request = Request(root, policy=policy, since="HEAD~1" if "base" in example else "")
    return replace(request, today=date.fromisoformat(example["today"])) if "today" in example else request


def _shown(findings: list[Finding]) -> str:
    return "\n".join(f"{f.path}:{f.line} {f.severity.value} {f.rule}: {f.message}" for f in findings)


def _paths(finding: Finding) -> set[str]:
    """The file that a finding is in, and those that it names beside it."""
    return {finding.path, *(each.region.path for each in finding.related)}


def _told_apart(name: str, request: Request, found: list[Finding]) -> Iterator[str]:
    """The files beside its findings whose text they hang on: a run about one of them alone tells of it."""
    kinds = {kind: KINDS[kind] for kind in CATALOGUE.rules[name].reads}
    lines = sorted((each.path, each.line, each.message) for each in found)
    for path in sorted({path for each in found for path in _paths(each) - {each.path}}):
        held = Claims([path], kinds)
        content = (request.root / path).read_bytes() if (request.root / path).is_file() else b""
        if any(held[kind] and not is_ruled_out(kinds[kind], content) for kind in kinds):
            yield path
        elif content:
            without = run(replace(request, overlay={path: b""})).report.findings
            if sorted((f.path, f.line, f.message) for f in without if f.rule == name) != lines:
                yield path


@pytest.mark.parametrize(("name", "example"), _examples())
def test_example(name: str, example: dict[str, Any], tmp_path: Path) -> None:
    request = _request(example, tmp_path)
    found = list(run(request).report.findings)
    mine = [f for f in found if f.rule == name]
    others = {f.rule for f in found if f.rule != name}
    expected = sorted((each["path"], each["line"]) for each in example.get("yields", []))
    assert sorted((f.path, f.line) for f in mine) == expected, _shown(found)
    weighed = {
        (each["path"], each["line"], each["severity"])
        for each in example.get("yields", [])
        if "severity" in each
    }
    assert weighed <= {(f.path, f.line, f.severity.value) for f in mine}, _shown(found)
    assert others == set(example.get("also", {})), _shown(found)
    if "good" in example:
        assert not found, _shown(found)
    for path in _told_apart(name, request, mine):
        apart = run(replace(request, targets=frozenset({path}))).report.findings
        assert any(f.rule == name and path in _paths(f) for f in apart), f"{path} alone tells nothing"
    if "fixed" in example:
        is_unsafe = CATALOGUE.rules[name].fix == "unsafe" or example.get("unsafe", False)
        mended = fix.mend(request, unsafe=is_unsafe)
        contents = {path: content.decode() for path, content in mended.contents.items()}
        assert contents == example["fixed"]
        fixes = [f.fix for f in mended.outcome.report.findings if f.rule == name and f.fix]
        left = [each for each in fixes if is_unsafe or each.safety is Safety.SAFE]
        assert not left, "a second --fix would change something"

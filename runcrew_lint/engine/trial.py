"""A team's own rules on their own examples: does each catch what it says, and nothing else?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runcrew_lint.catalogue.own import FAMILY
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.engine.known import known
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Finding
from runcrew_lint.model.rule import Rule
from runcrew_lint.tuples import NamedTuple

_KINDS = ("bad", "good")


class Trial(NamedTuple):
    """One rule, how many examples were run, and what is wrong with them; nothing where they hold."""

    rule: str
    home: str
    examples: int
    faults: tuple[str, ...]


def trials(request: Request) -> Iterator[Trial]:
    """Every rule that does not come with the linter, by name, on its examples alone.

    Errors:
        SetupError for a mistake in the policy or in a rule, and where there is no such rule.
    """
    catalogue, policy = known(request)
    own = [rule for _, rule in sorted(catalogue.rules.items()) if rule.home]
    if not own:
        help = "`rules.own` in the policy names their folder"
        raise SetupError(f"the policy {policy.name} has no rules of your own", help=help)
    return (_tried(rule, request) for rule in own)


def _tried(rule: Rule, request: Request) -> Trial:
    examples = words_of(rule).get("examples", ())
    faults = [f"it has no {kind} example" for kind in _KINDS if not any(kind in each for each in examples)]
    with tempfile.TemporaryDirectory(prefix="runcrew-lint-") as made:
        folder = Path(made)
        policy = _policy_of(rule, folder)
        (folder / "repository").mkdir()
        for example in examples:
            files = {path: text or "" for path, text in (example.get("bad") or example["good"]).items()}
            overlay = {path: text.encode() for path, text in files.items()}
            asked = Request(
                folder / "repository",
                policy=policy,
                select=(rule.name,),
                overlay=overlay,
                plugins=request.plugins,
            )
            said = _wrong(rule.name, example, run(asked).report.findings)
            faults += [f"{example['name'].strip()}: {said}"] if said else []
    return Trial(rule.name, rule.home, len(examples), tuple(faults))


def _policy_of(rule: Rule, folder: Path) -> Path:
    """A policy of one rule, outside of the folder that is judged."""
    file = folder / "policy.yaml"
    own = rule.family == FAMILY
    if own:
        (folder / "rules").mkdir()
        (folder / "rules" / f"{rule.name}.yaml").write_text(json.dumps(rule.words))
    file.write_text(json.dumps({"extends": "recommended", "rules": {"own": ["rules"]} if own else {}}))
    return file


def _wrong(name: str, example: Mapping[str, Any], findings: tuple[Finding, ...]) -> str:
    """What is wrong with what was found, "" where it is what the example says."""
    others = [each for each in findings if each.rule != name]
    if others:
        return f"{others[0].path}:{others[0].line}: {others[0].message}"
    found = sorted((each.path, each.line) for each in findings)
    if "yields" in example:
        wanted = sorted((each["path"], each["line"]) for each in example["yields"])
        return "" if found == wanted else f"found at {_listed(found)}, and it should be at {_listed(wanted)}"
    if "good" in example:
        return f"found at {_listed(found)}, and it is good" if found else ""
    return "" if found else "nothing is found, and it is bad"


def _listed(places: list[tuple[str, int]]) -> str:
    return ", ".join(f"{path}:{line}" for path, line in places) or "no place"

"""Compiles the folder of rules into one index, so that a run opens no rule file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runcrew_lint.documents.tree import plain
from runcrew_lint.documents.yaml import parse
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_SHAPE = ("select", "expect", "message", "together", "insert")
_NAME = lazily(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def compile_index(rules: Path) -> dict[str, Any]:
    """The index of a rules folder, as plain JSON values.

    `rules` maps a rule's name to what the engine needs of it; `policies` a preset's name to its text
    as data. Words that only `explain` shows stay in the rule's own file.
    """
    index: dict[str, Any] = {"rules": {}, "policies": {}}
    for file in sorted(rules.rglob("*.yaml")):
        family, name = file.parent.name, file.stem
        if family == "policies":
            index["policies"][name] = read(file)
        elif not _NAME.fullmatch(name):
            raise SetupError(f"{name} is no kebab-case rule name", where=str(file))
        elif name in index["rules"]:
            raise SetupError(f"the rule {name} stands in two families", where=str(file))
        else:
            index["rules"][name] = _engine_part(name, family, read(file), file)
    return index


def read(file: Path) -> dict[str, Any]:
    """One YAML file of ours as data."""
    try:
        data = plain(parse(Source(file.name, file.read_text("utf-8"))))
    except Unreadable as error:
        raise SetupError(error.message, where=str(file)) from None
    if not isinstance(data, dict):
        raise SetupError("not a mapping", where=str(file))
    return data


def _engine_part(name: str, family: str, words: dict[str, Any], file: Path) -> dict[str, Any]:
    scope, reads = _scope(words, file)
    return {
        "name": name,
        "family": family,
        "severity": words["severity"],
        "mark": words["mark"],
        "scope": scope,
        "reads": reads,
        "speaks": words.get("speaks", reads),
        "heeds": words.get("heeds", []),
        "summary": words["summary"].strip(),
        "remedy": words["remedy"].strip(),
        "in_sql": words.get("in_sql", "").strip(),
        "fix": words["fix"],
        "options": {key: option["default"] for key, option in words.get("options", {}).items()},
        "suppressible": words.get("suppressible", True),
        "stands": words.get("stands", False),
        "shape": {key: words[key] for key in _SHAPE if key in words} or None,
    }


def _scope(words: dict[str, Any], file: Path) -> tuple[str, list[str]]:
    if "on" in words:
        return "shape", [words["on"]]
    if "judges" in words:
        return "file", [words["judges"]]
    if "compares" in words:
        return "repository", words["compares"]
    if words.get("engine"):
        return "engine", []
    raise SetupError("a rule says one of on, judges, compares or engine", where=str(file))

"""The catalogue of a run: from the wheel's index, or compiled from rules/ in a checkout and cached."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from runcrew_lint.data import INSTALLED, data_path, is_checkout
from runcrew_lint.domains.kinds import with_forms
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.frozen import frozen
from runcrew_lint.model.rule import Mark, Rule, Scope


@frozen
class Catalogue:
    """Every rule by name, and every preset policy as data."""

    rules: Mapping[str, Rule]
    policies: Mapping[str, Mapping[str, Any]]

    @property
    def families(self) -> tuple[str, ...]:
        """The families' names, sorted."""
        return tuple(sorted({rule.family for rule in self.rules.values()}))


def load(cache: Path | None = None) -> Catalogue:
    """The catalogue; `cache` is a folder that may keep a checkout's compiled index."""
    index = _checkout_index(cache) if is_checkout() else _read(INSTALLED / "index.json")
    return Catalogue({name: _rule(data) for name, data in index["rules"].items()}, index["policies"])


def _rule(data: dict[str, Any]) -> Rule:
    return Rule(
        name=data["name"],
        family=data["family"],
        severity=Severity(data["severity"]),
        mark=Mark(data["mark"]),
        scope=Scope(data["scope"]),
        reads=with_forms(data["reads"]),
        speaks=with_forms(data["speaks"]),
        summary=data["summary"],
        remedy=data["remedy"],
        fix=data["fix"],
        options=data["options"],
        suppressible=data["suppressible"],
        stands=data["stands"],
        shape=data["shape"],
    )


def _read(file: Path) -> dict[str, Any]:
    index: dict[str, Any] = json.loads(file.read_bytes())
    return index


def _checkout_index(cache: Path | None) -> dict[str, Any]:
    rules = data_path("rules")
    stamp = _stamp(rules)
    if cache is None:
        return _compile(rules, stamp)
    kept = cache / f"index-{stamp}.json"
    try:
        return _read(kept)
    except (OSError, ValueError):
        index = _compile(rules, stamp)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(index))
        fresh.replace(kept)
    except OSError:
        pass  # a read-only cache costs time, nothing else
    return index


@lru_cache(maxsize=1)  # a process that runs often, as the tests do, compiles once
def _compile(rules: Path, stamp: str) -> dict[str, Any]:
    from runcrew_lint.catalogue.build import compile_index  # YAML is needed only when rules changed

    return compile_index(rules)


def _stamp(rules: Path) -> str:
    """Changes whenever a rule file, or the compiler itself, changes."""
    stamp = hashlib.blake2b(digest_size=12)
    compiler = Path(__file__).with_name("build.py")
    for file in [compiler, *sorted(rules.rglob("*.yaml"))]:
        status = file.stat()
        stamp.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return stamp.hexdigest()

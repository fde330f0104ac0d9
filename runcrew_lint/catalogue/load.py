"""The catalogue of a run: from the wheel's index, or compiled from rules/ in a checkout and cached."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from runcrew_lint.data import INSTALLED, data_path, is_checkout
from runcrew_lint.digests import blake2b
from runcrew_lint.domains.kinds import with_forms
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Severity
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


def load() -> Catalogue:
    """The catalogue; a process that runs often, as an editor's and the tests' do, makes it once."""
    if not is_checkout():
        return _installed()
    rules = data_path("rules")
    return _of_checkout(rules, _stamp(rules))


@lru_cache(maxsize=1)
def _installed() -> Catalogue:
    return _made(json.loads((INSTALLED / "index.json").read_bytes()))


@lru_cache(maxsize=1)
def _of_checkout(rules: Path, stamp: str) -> Catalogue:
    """Compiled once for all processes, as bytecode is: YAML is needed only when rules changed."""
    file = data_path(".cache") / "rules.json"
    try:
        kept = json.loads(file.read_bytes())
        if kept["stamp"] == stamp:
            return _made(kept["index"])
    except (OSError, ValueError, LookupError, TypeError):
        pass
    from runcrew_lint.catalogue.build import compile_index

    index = compile_index(rules)
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        fresh.write_text(json.dumps({"stamp": stamp, "index": index}))
        fresh.replace(file)
    except OSError:
        pass  # a read-only checkout costs time, nothing else
    return _made(index)


def _made(index: Mapping[str, Any]) -> Catalogue:
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
        heeds=with_forms(data["heeds"]),
        summary=data["summary"],
        remedy=data["remedy"],
        fix=data["fix"],
        options=data["options"],
        suppressible=data["suppressible"],
        stands=data["stands"],
        shape=data["shape"],
    )


def _stamp(rules: Path) -> str:
    """Changes whenever a rule file, or the compiler itself, changes."""
    stamp = blake2b(digest_size=12)
    files = [entry for family in os.scandir(rules) if family.is_dir() for entry in os.scandir(family)]
    about = [(each.path, each.stat()) for each in files if each.name.endswith(".yaml")]
    compiler = Path(__file__).with_name("build.py")
    for path, status in [(str(compiler), compiler.stat()), *sorted(about)]:
        stamp.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return stamp.hexdigest()

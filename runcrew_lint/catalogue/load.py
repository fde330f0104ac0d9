"""The catalogue of a run: from the wheel's index, or compiled from rules/ in a checkout and cached."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runcrew_lint.data import INSTALLED, data_path, is_checkout
from runcrew_lint.digests import blake2b
from runcrew_lint.frozen import unique

if TYPE_CHECKING:
    from runcrew_lint.model.rule import Rule


@unique
class Catalogue:
    """Every rule by name, and every preset policy as data.

    Arguments:
        stamp: which rules of the linter's own these are; others have another one.
        make: makes the rules, which a run whose answer is known never asks for.
    """

    policies: Mapping[str, Mapping[str, Any]]
    stamp: str
    make: Callable[[], Mapping[str, Rule]]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return self.make()

    def holding(self, rules: Mapping[str, Rule]) -> Catalogue:
        """The catalogue with these rules in the place of its own."""
        return Catalogue(self.policies, self.stamp, lambda: rules)

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
    file = INSTALLED / "rules.json"
    status = file.stat()
    stamp = f"{file} {status.st_size} {status.st_mtime_ns}"
    policies = json.loads((INSTALLED / "policies.json").read_bytes())
    return Catalogue(policies, stamp, lambda: _rules(json.loads(file.read_bytes())))


@lru_cache(maxsize=1)
def _of_checkout(rules: Path, stamp: str) -> Catalogue:
    """Compiled once for all processes, as bytecode is: YAML is needed only when rules changed."""
    file = data_path(".cache") / "rules.json"
    try:
        kept = json.loads(file.read_bytes())
        if kept["stamp"] == stamp:
            return _made(kept["index"], stamp)
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
    return _made(index, stamp)


def _made(index: Mapping[str, Any], stamp: str) -> Catalogue:
    return Catalogue(index["policies"], stamp, lambda: _rules(index["rules"]))


def _rules(index: Mapping[str, Any]) -> dict[str, Rule]:
    from runcrew_lint.catalogue.made import rule_of  # with all that a rule consists of

    return {name: rule_of(data) for name, data in index.items()}


def _stamp(rules: Path) -> str:
    """Changes whenever a rule file, or the compiler itself, changes."""
    stamp = blake2b(digest_size=12)
    files = [entry for family in os.scandir(rules) if family.is_dir() for entry in os.scandir(family)]
    about = [(each.path, each.stat()) for each in files if each.name.endswith(".yaml")]
    compiler = Path(__file__).with_name("build.py")
    for path, status in [(str(compiler), compiler.stat()), *sorted(about)]:
        stamp.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return stamp.hexdigest()

"""What a rule's file says beyond what a run needs: why, options, examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runcrew_lint.catalogue.build import read
from runcrew_lint.data import data_path
from runcrew_lint.model.rule import Rule


def words_of(rule: Rule) -> Mapping[str, Any]:
    """The rule's file as data."""
    return rule.words or read(data_path("rules") / rule.family / f"{rule.name}.yaml")

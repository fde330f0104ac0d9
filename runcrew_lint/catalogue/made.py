"""A rule of the compiled index as the engine takes it."""

from __future__ import annotations

from typing import Any

from runcrew_lint.domains.kinds import with_forms
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.rule import Mark, Rule, Scope


def rule_of(data: dict[str, Any]) -> Rule:
    """What `compile_index` made of a rule's file."""
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
        in_sql=data["in_sql"],
        fix=data["fix"],
        options=data["options"],
        suppressible=data["suppressible"],
        stands=data["stands"],
        shape=data["shape"],
    )

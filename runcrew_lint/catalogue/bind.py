"""Finds the code of a rule by its name: there is no list to register in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from runcrew_lint.model.finding import Fault
from runcrew_lint.model.rule import Rule

Check = Callable[..., Iterator[Fault]]


def module_of(rule: Rule) -> str:
    """The module that holds a rule's check."""
    return f"runcrew_lint.checks.{rule.family}.{rule.name.replace('-', '_')}"


def check_of(rule: Rule) -> Check:
    """A rule's check, imported now; that of a plug-in is at hand."""
    if rule.check:
        return rule.check
    check: Any = import_module(module_of(rule)).check
    found: Check = check
    return found

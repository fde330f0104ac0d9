"""A rule as the catalogue tells it: its words, and what the engine needs to know to run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Severity


class Mark(StrEnum):
    """What a rule rests on.

    A `FACT` holds for any repository; a `POLICY` rule reads its values from the policy; a `DEMAND`
    asks for something to exist, so it also needs a policy that somebody named. An `OWN` rule is the team's
    word, by a file that the policy names or by a plug-in that the run allows.
    """

    FACT = "fact"
    POLICY = "policy"
    DEMAND = "demand"
    OWN = "own"


class Scope(StrEnum):
    """Whether a rule judges one fact at a time or holds all facts against each other."""

    FILE = "file"
    REPOSITORY = "repository"
    SHAPE = "shape"  # declarative: a part of the document must have this shape
    ENGINE = "engine"  # what the linter itself has to say


@frozen
class Rule:
    """One rule. What only `explain` shows stays in the file of its words, but for a rule that does not come
    with the linter: then `words` are all of it, `home` is where it comes from, and `check` what a plug-in
    judges by.

    `reads` are the kinds of fact it needs; `speaks` those on whose files it can report; `heeds` those whose
    files it names beside a finding: a run about such a file needs the rule, and in no other run are they read
    before it asks.
    """

    name: str
    family: str
    severity: Severity
    mark: Mark
    scope: Scope
    reads: tuple[str, ...]
    speaks: tuple[str, ...]
    summary: str
    remedy: str
    fix: str  # "safe", "unsafe" or "none"
    options: Mapping[str, Any]  # name -> default
    in_sql: str = ""  # the remedy in a script, where the other speaks Alembic's language
    suppressible: bool = True  # whether a comment in the judged file may excuse it
    heeds: tuple[str, ...] = ()
    stands: bool = False  # it is about what is there now, and a new revision mends it
    shape: Mapping[str, Any] | None = None  # what a declarative rule judges by
    words: Mapping[str, Any] | None = field(default=None, repr=False)
    home: str = ""
    check: Callable[..., Any] | None = field(default=None, repr=False)

    def remedy_in(self, path: str) -> str:
        """What to do about a finding in this file."""
        return self.in_sql if self.in_sql and path.lower().endswith(".sql") else self.remedy
